/** The texts about acknowledging alarms in English; `zh.ts` has the same keys. */
export const en = {
  steps: {
    acknowledge: "Acknowledge",
    confirm: "Confirm",
  },
  /** Of one alarm among several, for those who hear the button without seeing the alarm. */
  label: (button: string, alarm: string) => `${button}: ${alarm}`,
  busy: {
    acknowledge: "Acknowledging…",
    confirm: "Confirming…",
  },
  done: {
    acknowledge: (alarm: string) => `Acknowledged: ${alarm}`,
    confirm: (alarm: string) => `Confirmed: ${alarm}`,
  },
  refused: {
    acknowledge: (reason: string) => `Not acknowledged: ${reason}`,
    confirm: (reason: string) => `Not confirmed: ${reason}`,
  },
  withComment: "With comment…",
  comment: "Comment",
  commentTooLong: (bytes: string) => `the comment is too long: at most ${bytes} bytes.`,
  logIn: "Log in to acknowledge",
  /** Why the source refused, by the name of its status; what is not here comes in the server's words. */
  reasons: {
    BadEventIdUnknown: "the alarm has changed since. Look at its present state and try again.",
    BadConditionBranchAlreadyAcked: "it is acknowledged already.",
    BadConditionBranchAlreadyConfirmed: "it is confirmed already.",
    BadEventNotAcknowledgeable: "this state cannot be acknowledged, only the present one.",
    BadConditionDisabled: "the alarm is disabled at its source.",
    BadUserAccessDenied: "the server does not allow it to the user that Tagwire logs in with.",
    BadNodeIdUnknown: "the source has no such alarm any more.",
    BadMethodInvalid: "the source offers no such step for this alarm.",
    BadTimeout: "the source did not answer in time. Whether it was done shows in the alarm.",
    BadConnectionClosed: "the connection to the source ended. Whether it was done shows in the alarm.",
  },
  gone: "the alarm is over, or somebody else was faster.",
  away: "the source is not connected. Nothing was done; try again when it is.",
  forbidden: "this alarm is not among those that you may acknowledge.",
};

export type AlarmWords = typeof en;
