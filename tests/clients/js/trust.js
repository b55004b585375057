// (certificate, base64)
tell(async () => Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)
  .addCertFromBase64(arguments[0], "CTu,CTu,CTu"));
