// Puts an interactive chart in the place of each still picture, where the window is wide enough to use it.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: "reset" };
  const read = new Map();

  async function draw(holder) {
    const address = holder.dataset.figure;
    if (!read.has(address)) {
      const answer = await fetch(address);
      if (!answer.ok) return;
      read.set(address, await answer.text());
    }
    await document.fonts.ready; // Plotly measures its texts once
    const { palettes, figure } = JSON.parse(read.get(address));
    const colours = palettes[dark.matches ? "dark" : "light"];
    const text = JSON.stringify(figure).replace(/#0000(0[1-9]|10)\b/g, (_, n) => colours[Number(n) - 1])
      .replaceAll("#000038", dark.matches ? "#14171c" : "#fdfdfb");
    const { data, layout } = JSON.parse(text);
    layout.font = { family: getComputedStyle(document.body).fontFamily, size: 13, color: colours[8] };
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: dark.matches ? "#1f242b" : "#fdfdfb", font: { color: colours[0] } };
    layout.template = {};
    layout.autosize = true;
    holder.hidden = false;
    await Plotly.react(holder, data, layout, config);
    holder.closest("figure").classList.add("alive");
  }

  const holders = [...document.querySelectorAll("[data-figure]")];
  const drawn = new Set();
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.clientWidth < 640) continue;
      near.unobserve(target);
      const holder = target.querySelector("[data-figure]");
      drawn.add(holder);
      draw(holder).catch((error) => {
        holder.hidden = true;
        console.warn("The still picture stays: " + error);
      });
    }
  }, { rootMargin: "200px" });
  for (const holder of holders) near.observe(holder.closest("figure"));
  dark.addEventListener("change", () => drawn.forEach((holder) => draw(holder)));
})();
