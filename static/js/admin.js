// Names for what Django's admin leaves nameless: cells of inline tables, pickers, search hints.
(() => {
  const name = (element, words) => {
    if (words && !element.labels?.length && !element.hasAttribute("aria-labelledby")) {
      element.setAttribute("aria-label", words.trim());
    }
  };
  const nameAll = () => {
    for (const table of document.querySelectorAll(".tabular table")) {
      const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
      for (const cell of table.querySelectorAll("tbody td:not(.original)")) {
        const first = cell.parentElement.querySelector("td.original") ? 1 : 0;
        const words = heads[cell.cellIndex - first] || heads[cell.cellIndex];
        for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
          name(field, words);
        }
      }
    }
    for (const picker of document.querySelectorAll(".select2-selection[role=combobox]")) {
      const field = picker.closest(".select2-container")?.previousElementSibling;
      const words = field?.labels?.[0]?.textContent || field?.getAttribute("aria-label");
      if (words) {
        picker.removeAttribute("aria-labelledby");
        picker.setAttribute("aria-label", words.trim());
      }
    }
    for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) {
      hint.setAttribute("role", "img");
    }
  };
  window.addEventListener("load", nameAll);
  document.addEventListener("formset:added", nameAll);
})();
