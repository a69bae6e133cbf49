/** What a tag that is dropped onto an element drives: the element follows the type of the tag. */
import type { TagDesc } from "@tagwire/client";
import type { Bindings, ScreenElement, StateRule } from "../screens/document/types.js";
import { kSymbols } from "../symbols/library.js";
import type { BindKind, EquipmentState } from "../symbols/symbol.js";

/** Words of labels that tell a state; the first that fits counts. */
const kWords: readonly (readonly [RegExp, EquipmentState])[] = [
  [/trip|fault|fail|error|alarm|故障|跳闸|异常/i, "fault"],
  [/starting|stopping|moving|travel|transition|启动中|停止中|切换|动作中/i, "transition"],
  [/stop|clos|off|idle|停|关|闭/i, "stopped"],
  [/run|open|on|load|auto|运行|开|启/i, "running"],
];

function isDiscrete(tag: TagDesc): boolean {
  return tag.ty === "bool" || tag.en !== undefined;
}

/** Rules from the labels of a tag; of a truth value without labels: false stands, true runs. */
export function rulesOf(tag: TagDesc): StateRule[] {
  if (!tag.en)
    return tag.ty === "bool"
      ? [
          { is: false, state: "stopped" },
          { is: true, state: "running" },
        ]
      : [{ from: 1, state: "running" }];
  return Object.entries(tag.en).map(([value, label]) => ({
    is: Number(value),
    state: kWords.find(([pattern]) => pattern.test(label))?.[1] ?? "unknown",
  }));
}

/** What of the element the tag should drive. */
export function kindFor(element: ScreenElement, tag: TagDesc): BindKind | undefined {
  const binds = kSymbols.get(element.symbol)?.binds ?? [];
  if (isDiscrete(tag) && binds.includes("state")) return "state";
  if (!isDiscrete(tag) && binds.includes("level") && !element.bind?.level) return "level";
  return binds.includes("value") ? "value" : binds[0];
}

/** A binding of that kind to the tag, with what of the former one still makes sense. */
export function bindingFor(kind: BindKind, tag: TagDesc, before: Bindings = {}): Bindings {
  const { n } = tag;
  switch (kind) {
    case "value":
      return { ...before, value: { ...before.value, tag: n } };
    case "level":
      return { ...before, level: { ...before.level, tag: n } };
    case "state":
      return { ...before, state: { tag: n, map: rulesOf(tag) } };
    case "visible":
      return { ...before, visible: { tag: n, when: before.visible?.when ?? [{ is: true }] } };
    case "rotation": {
      const [low, high] = tag.eu ?? [0, 100];
      return { ...before, rotation: { low, high, from: 0, to: 360, ...before.rotation, tag: n } };
    }
  }
}

/** The element with the tag bound as it suits both. */
export function bound(element: ScreenElement, tag: TagDesc, kind = kindFor(element, tag)): ScreenElement {
  return kind ? { ...element, bind: bindingFor(kind, tag, element.bind) } : element;
}

/** The last level of a path: what people call the instrument. */
export function shortName(path: string): string {
  const levels = path.split(".");
  const last = levels.at(-1) ?? path;
  return /^(PV|SP|OUT|State|Value)$/i.test(last) && levels.length > 1 ? (levels.at(-2) ?? last) : last;
}
