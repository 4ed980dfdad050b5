// Says on a page of an earlier version that there is a newer one, and how its reading differs.
(async () => {
  const note = document.querySelector("[data-version]");
  const place = note.querySelector(".newer");
  const { version, site, id } = note.dataset;
  if (!location.protocol.startsWith("http")) return;
  try {
    const answer = await fetch(site + "versions.json", { cache: "no-cache" });
    if (!answer.ok) return;
    const { latest, versions } = await answer.json();
    if (latest === version) return;
    const newest = versions.find((v) => v.version === latest);
    const own = versions.find((v) => v.version === version);
    const [then, now] = [own, newest].map((v) => v && v.readings[id]);
    let text = "There is a newer version, of " + newest.recorded_words;
    if (then && now) {
      text += then.score === now.score && then.date === now.date
        ? ". This reading is the same in it"
        : ": it reads " + now.score.toFixed(2) + " on " + now.date_words + ", here " + then.score.toFixed(2);
    }
    place.textContent = text + ". ";
    // A card has the link among its own.
    if (!document.body.classList.contains("card")) {
      const link = document.createElement("a");
      link.href = site + "versions.html#" + version;
      link.textContent = "What changed since";
      place.append(link);
    }
    place.hidden = false;
  } catch {
    // Without an answer the plain link to the newest version stands.
  }
})();
