// (address): the account, in the words of the table, as the set-up window would come to it.

const [address] = arguments;
const domain = address.split("@")[1];
const server = s => ({
  type: s.type,
  hostname: s.hostname,
  port: s.port,
  socketType: SOCKET[s.socketType] ?? s.socketType,
  authentication: AUTHENTICATION[s.auth] ?? s.auth,
  username: s.username,
});

// Debian 12 without its security updates has 140, where what can be stopped takes or gives an
// "abortable". Later ones take a signal.
const old = parseInt(Services.appinfo.version) < 153;

async function lookUp(signal) {
  const {parallelAutoDiscovery} = setup("FindConfig");
  if (old) {
    const {SuccessiveAbortable} = setup("AccountCreationUtils");
    return parallelAutoDiscovery(new SuccessiveAbortable(), domain, address);
  }
  const steps = parallelAutoDiscovery(domain, address, signal);
  let step = await steps.next();
  while (!step.done) {
    // "go on to another host?": nobody is there to say yes
    step = await steps.next({acceptRedirect: false});
  }
  return step.value;
}

async function guess(signal) {
  const config = new (setup("AccountConfig"))();
  config.incoming.username = config.outgoing.username = address.split("@")[0];
  const {guessConfig} = setup("GuessConfig");
  if (old) {
    return new Promise((found, failed) => guessConfig(domain, () => {}, found, failed, config, "both"));
  }
  return guessConfig(domain, () => {}, config, "both", signal);
}

// All servers of a kind, each as it is for who picks it: placeholders are filled in then.
function picked(config, kind) {
  const servers = [config[kind], ...config[kind + "Alternatives"]];
  for (const one of servers) {
    config[kind] = one;
    setup("AccountConfig").replaceVariables(config, "Alice Tester", address, "");
  }
  return servers;
}

tell(async () => {
  const {signal} = new AbortController();
  let config = null;
  try {
    config = (await lookUp(signal)) ?? (await guess(signal));
  } catch (error) {
    return {error: String(error.message ?? error)};
  }
  if (!config) {
    return {error: "nothing found"};
  }
  return {
    source: config.subSource || config.source,
    incoming: picked(config, "incoming").map(server),
    outgoing: picked(config, "outgoing").map(server),
  };
});
