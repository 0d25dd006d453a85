// On a desk, with the cursor in a row: down and up go to the same thing in the next or the row before.
const table = document.querySelector('[data-desk]');

table?.addEventListener('keydown', (event) => {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest('tbody > tr');
  if (!way || !row || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...table.querySelectorAll('tbody > tr')];
  const next = rows[rows.indexOf(row) + way];
  if (!next) return;
  const things = (one) => [...one.querySelectorAll('[data-key]')];
  const key = event.target.closest('[data-key]')?.dataset.key;
  const goal = things(next).find((one) => one.dataset.key === key) ?? things(next)[0];
  event.preventDefault();
  goal.focus();
});
