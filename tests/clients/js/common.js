// Comes before each of the other files. Their last argument is the function to call with the result.

const done = arguments[arguments.length - 1];
const SOCKET = {0: "plain", 1: "STARTTLS if offered", 2: "STARTTLS", 3: "SSL"};
const AUTHENTICATION =
  {1: "none", 3: "password-cleartext", 4: "password-encrypted", 5: "GSSAPI", 6: "NTLM", 10: "OAuth2"};
const MODULES = "resource:///modules/accountcreation/";
const setup = name => ChromeUtils.importESModule(`${MODULES}${name}.sys.mjs`)[name];
const mainWindow = Services.wm.getMostRecentWindow("mail:3pane");
// The set-up window, where it is open.
const hub = () =>
  mainWindow.document.querySelector("account-hub-container")?.shadowRoot?.querySelector("dialog");
const tell = work => work().then(done, error => done({thrown: `${error} ${error.stack}`}));

