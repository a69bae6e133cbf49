/** Checks JSON of unknown origin field by field and says where what is wrong; nothing that is not asked for passes. */

export type ProblemKind =
  | "missing"
  | "unknownKey"
  | "notObject"
  | "notList"
  | "notText"
  | "notNumber"
  | "notBoolean"
  | "notOneOf"
  | "tooLong"
  | "tooMany"
  | "outOfRange"
  | "twice"
  | "dangling"
  | "badPicture";

export interface Problem {
  /** Path of the field, such as `elements[3].bind.value.tag`; empty: the whole. */
  readonly at: string;
  readonly kind: ProblemKind;
  /** What was expected or found: a limit, a list of choices, a name. */
  readonly detail: string;
}

/** More would help nobody to mend the document. */
const kMostProblems = 20;

export class Checker {
  readonly problems: Problem[] = [];

  fail(at: string, kind: ProblemKind, detail = ""): undefined {
    if (this.problems.length < kMostProblems) this.problems.push({ at, kind, detail });
    return undefined;
  }

  /** The fields of an object; those that are not in `keys` are problems. */
  fields<Key extends string>(
    value: unknown,
    at: string,
    keys: readonly Key[],
  ): Partial<Record<Key, unknown>> | undefined {
    const found = this.record(value, at);
    if (!found) return undefined;
    for (const key of Object.keys(found))
      if (!keys.includes(key as Key)) this.fail(join(at, key.slice(0, 40)), "unknownKey");
    return found as Partial<Record<Key, unknown>>;
  }

  record(value: unknown, at: string): Readonly<Record<string, unknown>> | undefined {
    if (value === undefined) return this.fail(at, "missing");
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return this.fail(at, "notObject");
    return value as Record<string, unknown>;
  }

  list<T>(value: unknown, at: string, most: number, each: (item: unknown, at: string) => T | undefined): T[] {
    if (value === undefined) this.fail(at, "missing");
    else if (!Array.isArray(value)) this.fail(at, "notList");
    else if (value.length > most) this.fail(at, "tooMany", String(most));
    else
      return value.flatMap((item: unknown, index) => {
        const checked = each(item, `${at}[${index}]`);
        return checked === undefined ? [] : [checked];
      });
    return [];
  }

  text(value: unknown, at: string, longest: number, shortest = 0): string {
    if (value === undefined) this.fail(at, "missing");
    else if (typeof value !== "string") this.fail(at, "notText");
    else if (value.length > longest || value.length < shortest)
      this.fail(at, "tooLong", `${shortest} … ${longest}`);
    else return value;
    return "";
  }

  number(value: unknown, at: string, min: number, max: number): number {
    if (value === undefined) this.fail(at, "missing");
    else if (typeof value !== "number" || !Number.isFinite(value)) this.fail(at, "notNumber");
    else if (value < min || value > max) this.fail(at, "outOfRange", `${min} … ${max}`);
    else return value;
    return min;
  }

  boolean(value: unknown, at: string): boolean {
    if (typeof value !== "boolean") this.fail(at, value === undefined ? "missing" : "notBoolean");
    return value === true;
  }

  oneOf<T extends string>(value: unknown, at: string, allowed: readonly T[]): T {
    if (value === undefined) this.fail(at, "missing");
    else if (!allowed.includes(value as T)) this.fail(at, "notOneOf", allowed.slice(0, 12).join(", "));
    else return value as T;
    return allowed[0] as T;
  }
}

export function join(at: string, key: string): string {
  return at ? `${at}.${key}` : key;
}
