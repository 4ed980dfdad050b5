/* A double click on the plot of the first screen takes the whole period again. Streamlit tells a page of a double click
   only where something was selected on the same chart, and the chart that follows a chosen period is another one. */
(() => {
  if (window.takesWholePeriod) return;
  window.takesWholePeriod = true;
  const take = () => {
    const whole = document.querySelector(".st-key-period button:last-of-type");
    if (whole?.getAttribute("aria-checked") === "false") whole.click();
  };
  // Plotly lays a sheet over the page while the button is down, so the browser itself sees no double click.
  document.addEventListener("mousedown", (event) => {
    if (event.detail !== 2 || !event.target.closest(".st-key-overview-chart-plot")) return;
    window.addEventListener("mouseup", () => setTimeout(take), { once: true, capture: true });
  }, { capture: true });
})();
