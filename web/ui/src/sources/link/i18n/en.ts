/** The texts about the link to a source in English: loaded with the strip; `zh.ts` has the same keys. */
export const en = {
  label: (name: string) => `The link to ${name}`,
  tags: "Tags",
  publishing: "Publishing interval",
  granted: (granted: string, asked: string) => `${granted} granted, ${asked} asked for`,
  asAsked: (granted: string) => `${granted}, as asked for`,
  overflows: "Overflows",
  lost: "Messages lost",
  reconnects: "Reconnected",
  never: "never",
  times: (n: string, when: string) => `${n} ×, last ${when}`,
  milliseconds: (n: string) => `${n} ms`,
  connected: (when: string) => `Connected since ${when}`,
  more: "All numbers",
  download: "Download our certificate",
  trust: "Compare and trust the certificate",
  certificates: "See the certificates",
  connections: "See the connections",
  again: "Tagwire tries again every few seconds and goes on by itself.",
  remedies: {
    trust: "Compare the fingerprint of the server's certificate, and trust it.",
    introduce:
      "The server does not trust Tagwire yet. Add our certificate to those that the server trusts, or approve it among those that it has rejected.",
    renew: "A certificate is out of its time: renew it, or set the clocks of both machines.",
    certificate: "The server's certificate does not fit its address: the server needs another one.",
    user: "The server does not let this user in: remove the source, and add it again with another user or password.",
    security:
      "The server does not offer this kind of security any more: remove the source, and add it again.",
    reach: "Check that the server runs, its address and port, and that no firewall is in the way.",
    room: "The server has no room for another client: close some, or raise its limit.",
    start: "The server is shutting down or stands: start it.",
    wait: "Usually this passes; if it does not, the log of Tagwire and that of the server tell more.",
  },
};

export type LinkWords = typeof en;
