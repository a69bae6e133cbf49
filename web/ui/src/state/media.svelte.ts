import { MediaQuery } from "svelte/reactivity";

/** Below this width rows become two-line cards with touch targets. */
export const narrow = new MediaQuery("(max-width: 719px)");
export const darkPreferred = new MediaQuery("(prefers-color-scheme: dark)");
