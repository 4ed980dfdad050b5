/* Streamlit hears of a text when its field is left. Here it hears of it soon after the last key, so that a reload loses
   nothing; and a row that was opened by a press is ready to be typed into. In the inbox Enter goes to the fact of the open
   item, and Escape leaves what is typed into, so that the next keys go through the list again. */
(() => {
  if (window.watchesTyping) return;
  window.watchesTyping = true;
  const waiting = new Map();
  const tell = (field) => {
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  };
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (event.isComposing || !field.matches("textarea, input[type=text]")) return;
    if (!field.closest('[class*="st-key-draft_"]')) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => tell(field), 700));
  });
  document.addEventListener("focusout", (event) => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
  });
  // A choice that was just made has the focus, and would take Ctrl+Enter as a press of its own, which undoes it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.closest?.("[role=radiogroup]")) return;
    const save = ".st-key-inbox-form button[kind=primary], .st-key-sheet-presses button[kind=primary]";
    const button = event.target.closest(".stMain") && document.querySelector(save);
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  }, true);
  // The form may still be that of the item before: the wish holds until the open item's form is there, or another key.
  let wanted = false;
  const enter = () => {
    if (!wanted || document.activeElement?.closest(".st-key-inbox-form")) return;
    const item = document.querySelector(".item[data-item]")?.dataset.item;
    const field = item && document.querySelector(`.st-key-inbox-form [class*="-${item}-fact"] textarea`);
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "center" });
  };
  document.addEventListener("pointerdown", () => (wanted = false));
  document.addEventListener("keydown", (event) => {
    const within = (places) => event.target.closest?.(places);
    wanted = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && within(".st-key-inbox-form")) event.target.blur();
    if (event.key !== "Enter" || !document.querySelector(".item[data-item]")) return;
    const acts = "input, textarea, select, button, a, summary, [contenteditable], [role=combobox]";
    if (within(acts) && !within("[role=tab][aria-selected=true], [class*=st-key-inbox-open-]")) return;
    event.preventDefault();
    wanted = true;
    enter();
  });
  window.addEventListener("pagehide", () => [...waiting.keys()].forEach(tell));
  const opened = () => document.getElementById("open-row")?.dataset.open;
  let last = opened();
  new MutationObserver(() => {
    enter();
    const now = opened();
    const field = now && now !== last && document.querySelector(`.st-key-sheet [class*="-${now}-score"] input`);
    if (!now || (now !== last && !field)) return;
    if (field && last && matchMedia("(pointer: fine)").matches) field.focus({ preventScroll: true });
    if (field && last) document.getElementById("open-row").scrollIntoView({ block: "center" });
    last = now;
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-open"] });
})();
