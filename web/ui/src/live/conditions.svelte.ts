/** The alarm conditions of all sources, asked for again and again while somebody looks. */
import type { ConditionAnswer, ConditionStep, SourceStatus, TagwireRest } from "@tagwire/client";
import type { Condition } from "./alarms.js";

const kIntervalMs = 5_000;
/** Kinds of sources that may have some. */
const kKinds: ReadonlySet<string> = new Set(["opcua", "simulator"]);

export class ConditionsWatch {
  all = $state.raw<readonly Condition[]>([]);
  private readonly bySource = new Map<string, readonly Condition[]>();

  constructor(
    private readonly rest: Pick<TagwireRest, "conditions" | "actOnCondition">,
    private readonly sources: () => readonly Pick<SourceStatus, "n" | "kind">[],
  ) {}

  /** Asks once. What a source told stays until it tells something newer: the page says elsewhere that a link is lost. */
  async read(): Promise<void> {
    const names = this.sources()
      .filter(({ kind }) => kKinds.has(kind))
      .map(({ n }) => n);
    for (const name of this.bySource.keys()) if (!names.includes(name)) this.bySource.delete(name);
    await Promise.all(names.map((name) => this.readOne(name)));
    const all = names.flatMap((name) => this.bySource.get(name) ?? []);
    if (all.length > 0 || this.all.length > 0) this.all = all;
  }

  /**
   * Asks the source to do it; `all` shows it when the source has told so. Rejects where nothing was sent. Without a
   * comment the source keeps the one it has.
   */
  act(
    step: ConditionStep,
    { source, cond, branch, id = "" }: Condition,
    comment = "",
  ): Promise<ConditionAnswer> {
    return this.rest.actOnCondition(source, {
      step,
      cond,
      id,
      ...(branch !== undefined && { branch }),
      ...(comment && { comment }),
    });
  }

  /** Asks until the result is called. */
  start(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const next = async () => {
      if (document.visibilityState !== "hidden") await this.read();
      if (!ended) timer = setTimeout(next, kIntervalMs);
    };
    void next();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  private async readOne(name: string): Promise<void> {
    try {
      const { conditions } = await this.rest.conditions(name);
      this.bySource.set(
        name,
        conditions.map((condition) => ({ ...condition, source: name })),
      );
    } catch {
      // The next attempt is near.
    }
  }
}
