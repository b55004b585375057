/*
 * Comfort for the page for people, which is complete without it: buttons that
 * copy a value or all of them, a button that prints, the first guide opened.
 * It asks nobody for anything, and keeps nothing.
 */

const one = (selector, within) => (within || document).querySelector(selector);
const all = (selector, within) =>
	Array.from((within || document).querySelectorAll(selector));
const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

/* Over http there is no clipboard, but the old command. */
async function copy(text) {
	if (navigator.clipboard)
		return navigator.clipboard.writeText(text);

	const area = document.createElement("textarea");
	const focused = document.activeElement;

	area.value = text;
	area.className = "status";
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	focused.focus();
	if (!done)
		throw new Error("not copied");
}

/* Says it on the button for two seconds, and to screen readers. */
function say(button, idle, done) {
	const status = one("#status");

	idle.hidden = true;
	done.hidden = false;
	status.textContent = textOf(done);
	clearTimeout(button.timer);
	button.timer = setTimeout(() => {
		idle.hidden = false;
		done.hidden = true;
		status.textContent = "";
	}, 2000);
}

/* Where copying is refused, the value is selected at least. */
function onCopy(button, value, text) {
	const idle = one(".idle", button);
	const done = one(".done", button);

	copy(text()).then(
		() => say(button, idle, done),
		() => getSelection().selectAllChildren(value));
}

/* A screen reader calls each button by its value: "Copy Server". */
function addCopyButton(value, number) {
	const button = one("#copy").content.firstElementChild.cloneNode(true);
	const row = value.closest("div, p");
	const term = one("dt", row) || one("span", row);

	button.id = "copy-" + number;
	term.id = "term-" + number;
	button.setAttribute("aria-labelledby", button.id + " " + term.id);
	button.addEventListener("click", () => onCopy(button, value, () => textOf(value)));
	value.after(" ", button);
}

/* The card as lines of text: a heading, then "Server: pop.example.com". */
function cardText() {
	const lines = [ textOf(one("h1")) ];

	for (const part of all("#settings h3, #settings .rows > div")) {
		if (part.tagName === "H3") {
			lines.push("", all("span", part).map(textOf).reverse().join(", "));
			continue;
		}
		const value = one(".v", part) || one("dd", part);
		lines.push(textOf(one("dt", part)) + ": " + textOf(value));
	}
	return lines.join("\n") + "\n";
}

function fillTools() {
	const tools = one("#tools");
	const whole = one("#copy-all");
	const done = one("#copy").content.querySelector(".done").cloneNode(true);
	const idle = document.createElement("span");

	idle.className = "idle";
	idle.append(...whole.childNodes);
	whole.append(idle, done);
	whole.addEventListener("click", () => onCopy(whole, one("#settings"), cardText));
	one("#print").addEventListener("click", () => print());
	tools.hidden = false;
}

/* A link to a guide opens it. */
function openAsked() {
	const asked = location.hash.length > 1 &&
		document.getElementById(location.hash.slice(1));

	if (asked instanceof HTMLDetailsElement)
		asked.open = true;
}

all(".languages a").forEach((link) => {
	if (link.hreflang === document.documentElement.lang)
		link.setAttribute("aria-current", "true");
});
if (one("#settings")) {
	all("#settings .v").forEach(addCopyButton);
	fillTools();
	const first = one(".systems details");
	if (first)
		first.open = true;
}
openAsked();
addEventListener("hashchange", openAsked);
