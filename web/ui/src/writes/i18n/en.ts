/** The texts about writing values in English; `zh.ts` has the same keys. */
export const en = {
  title: (tag: string) => `Set ${tag}`,
  now: "Now",
  next: "New value",
  bounds: (low: string, high: string, unit: string) => `${low} … ${high} ${unit}`,
  least: (low: string, unit: string) => `at least ${low} ${unit}`,
  most: (high: string, unit: string) => `at most ${high} ${unit}`,
  check: "Continue",
  confirm: "Write this value?",
  write: "Write",
  writing: "Writing…",
  back: "Back",
  close: "Close",
  done: (value: string) => `Written. The device says ${value}.`,
  doneUnread: "Written. The device does not tell its value.",
  refused: (reason: string) => `Not written: ${reason}`,
  unknown:
    "The connection was lost before the answer came. Whether the value was written is not known: look at the value of the tag.",
  untypable: "Values of this kind cannot be typed here. Programs can write them.",
  notWritable: "This tag is read only: writing is not enabled for it.",
  logIn: "Log in",
  rights: {
    login: "Log in as somebody who may write.",
    role: "Your role does not write values: it takes an operator.",
    tag: "This tag is not among those that you may write.",
    disconnected: "Not connected: nothing can be written now, and nothing is kept for later.",
  },
  problems: {
    empty: "A value is missing.",
    notNumber: "This is not a number.",
    notWhole: "Only whole numbers can be written.",
    notBoolean: "Only true and false can be written.",
    notOneOf: "This is none of the states of the tag.",
    tooLong: "The text is too long.",
    notTyped: "Values of this kind cannot be typed here.",
    tooLow: (bound: string) => `The lowest value is ${bound}.`,
    tooHigh: (bound: string) => `The highest value is ${bound}.`,
  },
  button: {
    hold: "Hold",
    held: "Held",
    released: "Released",
    lost: "The server lets go by itself when the connection is lost.",
    badValue: (problem: string) => `This button is not set up rightly: ${problem}`,
  },
};

export type WriteWords = typeof en;
