// Splits the change of the index between two quarters into parts; the choice stands in the address.
(async () => {
  const place = document.querySelector("[data-quarters]");
  if (!location.protocol.startsWith("http")) return;
  const answer = await fetch(place.dataset.quarters);
  if (!answer.ok) return;
  const { parts, quarters } = await answer.json();
  if (quarters.length < 2) return;
  const [from, to] = place.querySelectorAll("select");
  const [said, body] = [place.querySelector(".question"), place.querySelector("tbody")];
  const sign = (value, digits) => (Number(value.toFixed(digits)) === 0 ? "±" : value > 0 ? "+" : "−") + Math.abs(value).toFixed(digits);
  for (const list of [from, to]) {
    list.append(...quarters.map((q) => new Option(q.name, q.date)).reverse());
  }
  const asked = new URLSearchParams(location.search);
  const known = (date, place) => (quarters.find((q) => q.date === date) || quarters.at(place)).date;
  from.value = known(asked.get("from"), Math.max(-5, -quarters.length));
  to.value = known(asked.get("to"), -1);
  const row = (name, before, after, points, head) => {
    const line = document.createElement("tr");
    const cells = [name, before?.toFixed(2) ?? "–", after?.toFixed(2) ?? "–", points === null ? "–" : sign(points, 2)];
    cells.forEach((text, n) => {
      const cell = document.createElement(n || !head ? "td" : "th");
      if (!n && head) cell.scope = "row";
      if (n) cell.className = "n";
      cell.textContent = text;
      line.append(cell);
    });
    return line;
  };
  const show = () => {
    const [a, b] = [from, to].map((list) => quarters.find((q) => q.date === list.value));
    const amount = b.readings.index - a.readings.index;
    said.textContent = `From the ${a.name} to the ${b.name} the index moved by ${sign(amount, 2)}, from ` +
      `${a.readings.index.toFixed(2)} to ${b.readings.index.toFixed(2)} of 10.`;
    const lines = [];
    let summed = 0;
    for (const part of parts) {
      const own = part.indicators.map((i) => {
        const [before, after] = [a.readings[i.id], b.readings[i.id]];
        return { ...i, before, after, points: before === undefined || after === undefined ? null : i.share * (after - before) };
      });
      const whole = own.every((i) => i.points !== null) ? own.reduce((sum, i) => sum + i.points, 0) : null;
      summed += whole ?? 0;
      lines.push(row(part.title, a.readings[part.id], b.readings[part.id], whole, true));
      own.sort((x, y) => Math.abs(y.points ?? 0) - Math.abs(x.points ?? 0));
      lines.push(...own.map((i) => row("   " + i.title, i.before, i.after, i.points, false)));
    }
    if (Math.abs(summed - amount) > 1e-4) lines.push(row("Coverage", undefined, undefined, amount - summed, true));
    body.replaceChildren(...lines);
    history.replaceState(null, "", `?from=${a.date}&to=${b.date}`);
  };
  from.addEventListener("change", show);
  to.addEventListener("change", show);
  show();
  place.hidden = false;
})();
