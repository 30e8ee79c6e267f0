// The phones' page. Whatever people wrote or were sent becomes text in the page, never markup.

const SECRET = document.querySelector('meta[name="phones-secret"]').content;
const TRIES = ["JA", "NEJ", "RING", "HJÆLP", "STOP", "START"];
const TONES = 6;
const AWAY = "Demoen svarer ikke. Kører den stadig i terminalen?";

const as = (options) => new Intl.DateTimeFormat("da-DK", { timeZone: "Europe/Copenhagen", ...options });
const CLOCK = as({ hour: "2-digit", minute: "2-digit" });
const WEEKDAY = as({ weekday: "long" });
const DATE = as({ day: "numeric", month: "long" });
const YEAR = as({ year: "numeric" });
const clock = (moment) => `kl. ${CLOCK.format(new Date(moment))}`;
const day = (moment) => `${WEEKDAY.format(new Date(moment))} d. ${DATE.format(new Date(moment))}`;

const whose = (name) => (/[sxz]$/.test(name) ? `${name}'` : `${name}s`);
const at = (id) => document.getElementById(id);
const device = document.querySelector(".device");
const chosen = () => location.hash.slice(1);
const seen = new Map(); // what had landed on each phone when it was last looked at
const channels = new Map(); // the channel that was chosen on each phone
let view = null;
let running = null; // the call under way: one at a time, since there is one clock
let shown = ""; // whose thread stands in the page, and on which channel

function make(name, looks, ...inside) {
  const made = document.createElement(name);
  made.className = looks;
  made.append(...inside);
  return made;
}

function button(label, looks, whenPressed) {
  const made = make("button", looks, label);
  made.type = "button";
  made.addEventListener("click", whenPressed);
  return made;
}

// What goes to the demo and comes back

async function call(path, body) {
  const options = { headers: { "X-Medvind-Phones": SECRET } };
  if (body) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(`/phones/${path}`, options);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.title);
  return said;
}

async function ask(path, body, news = () => "") {
  if (running) return false;
  running = work(path, body, news);
  document.body.setAttribute("aria-busy", "true");
  try {
    return await running;
  } finally {
    running = null;
    document.body.removeAttribute("aria-busy");
  }
}

async function work(path, body, news) {
  try {
    const before = view;
    view = await call(path, body);
    show();
    tell(news(before, view));
    return true;
  } catch (error) {
    tell(error instanceof TypeError ? AWAY : `Det gik ikke: ${error.message}`);
    return false;
  }
}

function tell(news) {
  at("news").textContent = news;
}

function came(before, now) {
  const old = new Map(before.phones.map((one) => [one.id, one.landed]));
  const names = now.phones.filter((one) => one.landed > old.get(one.id)).map((one) => one.name);
  const when = `Nu er det ${day(now.now)} ${clock(now.now)}.`;
  if (names.length === 0) return `${when} Der kom ingen beskeder.`;
  const listed = new Intl.ListFormat("da", { type: "conjunction" }).format(names);
  return `${when} Nye beskeder til ${listed}.`;
}

// Drawing

function show() {
  document.body.dataset.shows = chosen() ? "phone" : "people";
  at("clock").textContent = `${day(view.now)} ${YEAR.format(new Date(view.now))} ${clock(view.now)}`;
  at("hands").textContent = CLOCK.format(new Date(view.now));
  const tile = view.phones.find((one) => one.id === view.phone.id);
  if (chosen() || matchMedia("(min-width: 44.01rem)").matches) seen.set(tile.id, tile.landed);
  for (const one of view.phones) if (!seen.has(one.id)) seen.set(one.id, one.landed);
  showPeople();
  showPhone(tile);
  showBeside(tile);
}

function showPeople() {
  const list = at("people");
  while (list.children.length < view.phones.length) {
    const one = button("", "", () => choose(one.dataset.phone));
    list.append(make("li", "", one));
  }
  view.phones.forEach((tile, number) => {
    const one = list.children[number].firstChild;
    const fresh = tile.landed - seen.get(tile.id);
    const count = make("span", "count", String(fresh), make("span", "unseen", fresh === 1 ? " ny besked" : " nye beskeder"));
    one.dataset.phone = tile.id;
    one.setAttribute("aria-current", String(tile.id === view.phone.id));
    const face = make("span", `face tone-${number % TONES}`, tile.name[0]);
    face.setAttribute("aria-hidden", "true");
    one.replaceChildren(
      face,
      make("span", "name", tile.name),
      make("span", "state", stateOf(tile)),
      make("span", "last", tile.last ?? "Ingen beskeder endnu"),
      ...(fresh > 0 ? [count] : []),
    );
  });
}

function stateOf(tile) {
  if (tile.dead) return "intet nummer";
  if (tile.quiet) return "sagt nej";
  if (tile.channel === null) return "ikke svaret";
  return tile.channel === "telegram" ? "Telegram" : "SMS";
}

function showPhone(tile) {
  const channel = channels.get(tile.id) ?? (tile.channel === "telegram" ? "telegram" : "sms");
  const joined = channel === "sms" || view.phone.telegram;
  device.dataset.channel = channel;
  at("owner").textContent = `${whose(tile.name)} telefon`;
  at("about").textContent = `${tile.business}, ${tile.number.replace(/^(\+\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5")}`;
  for (const one of document.querySelectorAll('input[name="channel"]')) one.checked = one.value === channel;
  at("composer").hidden = !joined;
  at("joining").hidden = joined;
  at("not-joined").textContent = `${tile.name} er ikke i Telegram endnu. Coachen kan give en kode, som virker én gang.`;
  at("whose").textContent = handOf(tile);
  showThread(channel, tile);
}

function handOf(tile) {
  if (tile.dead) return `Nummeret findes ikke. Skriv fra det, så lever det igen.`;
  if (tile.taken) return `Du har telefonen. ${tile.name} svarer ikke selv mere.`;
  return `${tile.name} svarer selv, indtil du skriver her.`;
}

function showThread(channel, tile) {
  const thread = at("thread");
  const told = view.phone.bubbles.filter((one) => one.channel === channel);
  const key = `${view.phone.id} ${channel}`;
  const again = key === shown;
  thread.setAttribute("aria-live", again ? "polite" : "off"); // another phone's past is no news
  if (!again) thread.replaceChildren();
  thread.querySelector(".nothing")?.remove();
  for (const one of told.filter((old) => old.buttons.length === 0)) {
    thread.querySelector(`[data-number="${one.number}"] .taps`)?.remove();
  }
  const last = again ? Number(thread.dataset.last) : 0;
  let date = again ? thread.dataset.date : "";
  for (const one of told.filter((bubble) => bubble.number > last)) {
    if (day(one.at) !== date) thread.append(make("p", "date", (date = day(one.at))));
    thread.append(bubble(one, tile, again));
  }
  if (told.length === 0) thread.append(make("p", "nothing", "Her er ingen beskeder endnu."));
  shown = key;
  thread.dataset.last = String(told.at(-1)?.number ?? 0);
  thread.dataset.date = date;
  thread.scrollTop = thread.scrollHeight;
}

function bubble(one, tile, isNew) {
  const said = make("div", `said ${one.mine ? "mine" : "theirs"}${isNew ? " new" : ""}`);
  said.dataset.number = String(one.number);
  const who = one.mine ? (one.tap ? `${tile.name} trykkede: ` : `${tile.name}: `) : "Medvind: ";
  said.append(make("p", one.tap ? "bubble tapped" : "bubble", make("span", "unseen", who), one.text));
  if (one.buttons.length > 0) {
    const taps = one.buttons.map((tap) => button(tap.label, "", () => press(tap.data)));
    said.append(make("div", "taps", ...taps));
  }
  const cost = one.parts === null ? "" : `, ${one.parts} ${one.parts === 1 ? "sms" : "sms'er"}`;
  said.append(make("p", "when", CLOCK.format(new Date(one.at)) + (one.mine ? "" : cost)));
  return said;
}

function showBeside(tile) {
  const { coach, tasks, words, signs, next } = view.beside;
  at("beside-title").textContent = `${whose(coach)} side af ${tile.name}`;
  const line = (text, small) => make("li", "", text, make("small", "", small));
  const until = (task) => (task.due_at ? `Senest ${day(task.due_at)} ${clock(task.due_at)}` : `Siden ${day(task.at)}`);
  fill("tasks", tasks.map((task) => line(task.says ?? "En opgave.", until(task))), "Ingen.");
  fill("written", words.map((one) => line(one.text, `${day(one.at)} ${clock(one.at)}`)), "Intet.");
  fill("signs", signs.map((sign) => make("li", "", sign)), "Ingen.");
  fill("next", next.map((one) => line(`${day(one.at)} ${clock(one.at)}`, one.why ?? "")), "Intet er planlagt.");
}

function fill(id, lines, nothing) {
  at(id).replaceChildren(...(lines.length > 0 ? lines : [make("li", "none", nothing)]));
}

// Doing

function choose(phone) {
  location.hash = phone;
}

function viewOf(phone) {
  return `view?phone=${encodeURIComponent(phone)}`;
}

async function turn() {
  const phone = chosen();
  if (!phone) {
    document.body.dataset.shows = "people";
    return;
  }
  while (running) await running;
  if (await ask(viewOf(phone))) at("owner").focus({ preventScroll: true });
}

function act(what, more = {}, news = undefined) {
  return view !== null && ask(what, { phone: view.phone.id, ...more }, news);
}

async function press(data) {
  if (await act("tap", { data })) at("thread").focus({ preventScroll: true }); // the button is gone
}

async function write(text) {
  while (running) await running; // words are worth waiting for; a second press of a button is not
  return act("write", { channel: device.dataset.channel, text });
}

at("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = at("words");
  const text = words.value.trim();
  if (text && (await write(text))) words.value = "";
});

for (const one of document.querySelectorAll('input[name="channel"]')) {
  one.addEventListener("change", () => {
    channels.set(view.phone.id, one.value);
    show();
  });
}

at("tries").append(...TRIES.map((word) => button(word, "", () => write(word))));
at("join").addEventListener("click", () => act("join"));
for (const span of ["hour", "day"]) at(span).addEventListener("click", () => act("pass", { span }, came));
addEventListener("hashchange", turn);

if (!chosen() || !(await ask(viewOf(chosen())))) await ask("view");
