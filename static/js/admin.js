// Names for what Django's admin leaves nameless: cells of inline tables, pickers, search hints;
// and the language of each cell that is in one.
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
        picker.querySelector("[role=textbox]")?.setAttribute("aria-label", words.trim());
      }
    }
    for (const cell of document.querySelectorAll("#result_list [class*='field-']")) {
      const code = cell.className.match(/field-\w+_(en|cy)\b/)?.[1];
      if (code) cell.lang = code;
    }
    for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) {
      hint.setAttribute("role", "img");
    }
  };
  window.addEventListener("load", () => setTimeout(nameAll, 50)); // after the pickers were made
  document.addEventListener("formset:added", nameAll);
})();
