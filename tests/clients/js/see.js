// What a person sees in the set-up window: elements that are hidden do not count.

const text = element => element.textContent.trim().replace(/\s+/g, " ");
// Before 153 "Auth" was the only one of port, security and log-in, and showed the security.
const PARTS = ["Type", "Host", "Port", "SocketType", "Auth", "AuthenticationType", "Username"];

function shown(page) {
  const seen = {};
  for (const id of PARTS.flatMap(part => ["incoming" + part, "outgoing" + part])) {
    const element = page.querySelector("#" + id);
    if (element?.checkVisibility()) {
      seen[id.replace(/Auth$/, "SocketType")] = text(element);
    }
  }
  return seen;
}

const choice = label => ({
  id: label.id,
  selected: label.querySelector("input").checked,
  recommended: label.classList.contains("recommended-protocol"),
});

const choices = page =>
  [...page.querySelectorAll("#protocolForm label")].filter(label => !label.hidden).map(choice);

function refusal(page) {
  const header = page.shadowRoot?.querySelector("account-hub-header");
  const notification = header?.shadowRoot?.querySelector("#emailFormNotification");
  const bad = notification && !notification.hidden && notification.className.includes("error");
  return bad ? text(notification) : null;
}

tell(async () => {
  const view = hub()?.open ? hub().querySelector("account-hub-email") : null;
  const pages = [...(view?.querySelectorAll(".account-hub-step") ?? [])];
  const page = pages.find(step => !step.hidden && step.id);
  if (!page) {
    return {step: null, busy: true, forward: false, refusal: null, choices: [], shown: {}};
  }
  const button = view.querySelector("account-hub-footer #forward");
  return {
    step: page.id,
    busy: view.classList.contains("busy"),
    forward: !!button && !button.hidden && !button.disabled,
    refusal: refusal(page),
    choices: page.id == "emailConfigFoundSubview" ? choices(page) : [],
    shown: page.id == "emailConfigFoundSubview" ? shown(page) : {},
  };
});
