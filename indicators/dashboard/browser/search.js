/* The key "/" goes to the search field, from everywhere but where text is typed. */
(() => {
  if (window.searchesBySlash) return;
  window.searchesBySlash = true;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector(".st-key-find input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
