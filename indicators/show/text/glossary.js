/* Escape takes away the meaning of a term that is shown, until the term is pointed at or focused again. */
(() => {
  if (window.closesTerms) return;
  window.closesTerms = true;
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:is(:hover, :focus)")) term.classList.add("closed");
  });
  for (const left of ["mouseout", "focusout"])
    document.addEventListener(left, ({ target }) => target.classList?.remove("closed"));
})();
