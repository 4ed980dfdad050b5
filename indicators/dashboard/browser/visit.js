/* Keeps in this browser alone when it was here and which data it saw: the newest visit first, then the last one of an
   earlier day, so that a reload does not take away what is said of it. */
(() => {
  const { cookie, seen } = document.getElementById("visit").dataset;
  const today = new Date().toISOString().slice(0, 10);
  const kept = document.cookie.split("; ").find((one) => one.startsWith(`${cookie}=`));
  const [last, earlier] = (kept || "").slice(cookie.length + 1).split("_");
  const before = last && last.startsWith(today) ? earlier : last;
  const visits = [`${today}.${seen}`, before].filter(Boolean).join("_");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${cookie}=${visits}; Path=/; Max-Age=34560000; SameSite=Lax${secure}`;
})();
