/* A double click on the plot of the first screen takes the whole period again. Streamlit tells a page of a double click
   only where something was selected on the same chart, and the chart that follows a chosen period is another one. */
(() => {
  if (window.takesWholePeriod) return;
  window.takesWholePeriod = true;
  document.addEventListener("dblclick", (event) => {
    // While the button is down, a sheet of Plotly's covers the page, so the event's own target says nothing.
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (!under?.closest(".st-key-overview-chart-plot")) return;
    const whole = document.querySelector(".st-key-period button:last-of-type");
    if (whole?.getAttribute("aria-checked") === "false") whole.click();
  });
})();
