<?php
// Asks Horde_Mail_Autoconfig for the servers of an address, as a webmail program
// would, and prints them as JSON.
//
// Only its Thunderbird driver: the others ask the DNS and guess. The library itself
// would connect to each server that it gets, which has nothing to do with us.
error_reporting(E_ALL & ~E_DEPRECATED & ~E_STRICT);

// The library is older than namespaces, what it uses is not.
spl_autoload_register(function ($class) {
    foreach (array('_', '\\') as $separator) {
        $path = stream_resolve_include_path(str_replace($separator, '/', $class) . '.php');
        if ($path) {
            require_once $path;
            return;
        }
    }
});

// The table's words. What the library has not read is null; of the security it knows
// only TLS from the first byte.
function server($found)
{
    $types = array('Imap' => 'imap', 'Pop3' => 'pop3', 'Msa' => 'smtp');
    return array(
        'type' => $types[preg_replace('/.*_/', '', get_class($found))],
        'hostname' => $found->host,
        'port' => $found->port,
        'socketType' => $found->tls === 'tls' ? 'SSL' : $found->tls,
        'authentication' => null,
        'username' => $found->username,
    );
}

$list = (new Horde_Mail_Rfc822())->parseAddressList($argv[1], array('limit' => 1));
$email = $list[0];
$domains = array();
for ($labels = explode('.', $email->host_idn); count($labels) > 1; array_shift($labels)) {
    $domains[] = implode('.', $labels);
}
$driver = new Horde_Mail_Autoconfig_Driver_Thunderbird();
$options = array('email' => $email);
echo json_encode(array(
    'incoming' => array_map('server', $driver->mailSearch($domains, $options) ?: array()),
    'outgoing' => array_map('server', $driver->msaSearch($domains, $options) ?: array()),
)), "\n";
