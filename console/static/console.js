"use strict";
// What htmx does not do by itself: clocks, the alarm, and saying when the page is not live.
// No word of a caller is kept here.
(() => {
  const SILENT_MS = 7000;       // without a beat for so long the page is not live; beats come every 2 s
  const HOPELESS_MS = 20000;    // the server answers, the stream does not come back: load the page again
  const SOUND_EVERY_MS = 4000;
  const MUTE_MS = 60000;
  const ACTED_MS = 10000;
  const $ = (id) => document.getElementById(id);

  // --- answers that are errors are shown as well: the sentence in them says what to do ---------------------

  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 200;
    if (status >= 400 && status !== 401) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:sendError", () => {
    $("notice").textContent = "没有送到：和服务器的连接断了。请看网络，再点一次。";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb !== "get") $("notice").textContent = "";
  });

  const live = $("live");
  if (!live) return;  // the page of signing in

  // --- clocks ------------------------------------------------------------------------------------------

  let ahead = 0;         // our clock before the server's, in ms
  let beatAt = Date.now();
  const two = (n) => String(n).padStart(2, "0");
  const clockOf = (ms) => {
    const d = new Date(ms);
    return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  };
  const lasted = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
    return s < 86400 ? `${Math.floor(s / 3600)} 小时 ${Math.floor(s / 60) % 60} 分` : `${Math.floor(s / 86400)} 天`;
  };
  function tick() {
    const now = Date.now() - ahead;
    for (const one of document.querySelectorAll("[data-since]")) {
      const waited = now - Number(one.dataset.since);
      one.textContent = lasted(waited);
      const passed = (one.dataset.targets || "").split(" ").filter((t) => t && waited >= Number(t) * 1000).length;
      one.classList.toggle("late", passed === 1);
      one.classList.toggle("very-late", passed > 1);
    }
    if ($("live-clock")) $("live-clock").textContent = clockOf(beatAt - ahead);
  }

  // --- live or not -------------------------------------------------------------------------------------

  let asking = false;
  async function serverAnswers() {
    try {
      return (await fetch("/health", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }
  function typing() {
    return [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((f) => f.value !== f.defaultValue);
  }
  async function watch() {
    const silent = Date.now() - beatAt;
    const stale = silent > SILENT_MS;
    if (stale && $("stale").hidden) $("stale-since").textContent = clockOf(beatAt - ahead);
    $("stale").hidden = !stale;
    document.body.classList.toggle("stale-page", stale);
    if (silent > HOPELESS_MS && !asking && !typing()) {
      asking = true;
      if (await serverAnswers()) location.reload();
      setTimeout(() => { asking = false; }, 5000);
    }
  }
  document.addEventListener("htmx:sseError", async (event) => {
    const source = event.detail.source;
    if (source && source.readyState === EventSource.CLOSED) {  // refused, perhaps because the sign-in is over
      const answer = await fetch("/present", { cache: "no-store" }).catch(() => null);
      if (answer && answer.status === 401) location.assign("/sign-in");
    }
  });

  // --- the alarm ---------------------------------------------------------------------------------------

  const title = document.body.dataset.title;
  let news = { waiting: 0, emergencies: [], held: {} };
  let known = null;
  let mutedUntil = 0;
  let soundedAt = 0;
  let audio = null;
  function sound() {
    if (!audio) audio = new AudioContext();
    $("sound-off").hidden = audio.state === "running" || news.emergencies.length === 0;
    if (audio.state !== "running") { audio.resume(); return; }
    soundedAt = Date.now();
    [0, 0.22, 0.44].forEach((after, i) => {
      const tone = audio.createOscillator(), gain = audio.createGain(), at = audio.currentTime + after;
      tone.frequency.value = [784, 988, 784][i];
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.35, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.22);
    });
    document.body.dataset.sounded = String(Number(document.body.dataset.sounded || 0) + 1);
  }
  function alarm() {
    const count = news.emergencies.length;
    $("alarm").hidden = count === 0;
    $("alarm-count").textContent = String(count);
    document.body.classList.toggle("in-alarm", count > 0);
    document.title = (count ? `🔴 (${news.waiting}) ` : news.waiting ? `(${news.waiting}) ` : "") + title;
    if (count && Date.now() > mutedUntil && Date.now() - soundedAt > SOUND_EVERY_MS) sound();
    if (!count) $("sound-off").hidden = true;
  }

  // --- what I have taken over by a key of my telephone, or was given, opens by itself --------------------------

  let mine = null;
  let actedAt = 0;       // a button of this page leads on by itself: two ways at once would load the case twice
  document.addEventListener("submit", () => { actedAt = Date.now(); }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb !== "get") actedAt = Date.now();
  });
  function follow() {
    const held = Object.keys(news.held).filter((id) => news.held[id] === document.body.dataset.me);
    const fresh = mine === null ? [] : held.filter((id) => !mine.includes(id));
    mine = held;
    const path = fresh.length ? `/escalations/${fresh[0]}` : location.pathname;
    if (path === location.pathname) return;
    if (location.pathname === "/" && Date.now() - actedAt > ACTED_MS) { location.assign(path); return; }
    const link = document.createElement("a");  // somebody may be writing on this page
    link.href = path;
    link.textContent = "打开";
    $("notice").replaceChildren("您刚接手了一件。", link);
  }

  document.addEventListener("htmx:sseMessage", (event) => {
    const told = event.detail;
    if (told.type === "beat") {
      ahead = Date.now() - Number(told.data);
      beatAt = Date.now();
      watch();
    } else if (told.type === "alarm") {
      news = JSON.parse(told.data);
      const fresh = known !== null && news.emergencies.some((id) => !known.includes(id));
      if (fresh) { mutedUntil = 0; soundedAt = 0; }  // a new one sounds, whatever was muted
      known = news.emergencies;
      alarm();
      follow();
    }
    tick();
  });
  $("mute").addEventListener("click", () => { mutedUntil = Date.now() + MUTE_MS; });
  $("sound-on").addEventListener("click", sound);
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, () => { if (audio && audio.state !== "running") audio.resume(); });
  }

  document.addEventListener("htmx:afterSwap", tick);

  // --- forms and the transcript ------------------------------------------------------------------------

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest && event.detail.elt.closest("form[data-reset]");
    if (!form || event.detail.xhr.status >= 400) return;
    form.reset();
    const around = form.closest("details");
    if (around) around.removeAttribute("open");
  });
  const talk = $("talk");
  if (talk) {
    const toEnd = () => { talk.scrollTop = talk.scrollHeight; };
    let atEnd = true;
    talk.addEventListener("scroll", () => { atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60; });
    talk.addEventListener("htmx:afterSwap", () => { if (atEnd) toEnd(); });
    toEnd();
  }
  setInterval(() => { tick(); watch(); alarm(); }, 1000);
  tick();
})();
