/* Streamlit hears of a text when its field is left. Here it hears of it soon after the last key, so that a reload loses
   nothing; and a row that was opened by a press is ready to be typed into. */
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
  window.addEventListener("pagehide", () => [...waiting.keys()].forEach(tell));
  const opened = () => document.getElementById("open-row")?.dataset.open;
  let last = opened();
  new MutationObserver(() => {
    const now = opened();
    const field = now && now !== last && document.querySelector(`.st-key-sheet [class*="-${now}-score"] input`);
    if (!now || (now !== last && !field)) return;
    if (field && last && matchMedia("(pointer: fine)").matches) field.focus({ preventScroll: true });
    if (field && last) document.getElementById("open-row").scrollIntoView({ block: "center" });
    last = now;
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-open"] });
})();
