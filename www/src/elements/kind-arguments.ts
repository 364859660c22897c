// What a chosen kind takes, as fields below it: the common ones in sight, the rest behind "more about it".

import { css, html, nothing, type TemplateResult } from "lit";
import type { Argument, Schema, Spec } from "../engine/protocol";
import { argumentOf, typeOf, withArgument } from "../store/kinds";

export const kindStyles = css`
  .own {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(132px, 100%), 1fr));
    gap: 8px;
    align-items: end;
  }
  .own > :is(.title, details, [wide]) {
    grid-column: 1 / -1;
  }
  summary {
    color: var(--tg-muted);
    font-size: var(--tg-text-small);
    line-height: max(24px, calc(var(--tg-control) - 8px));
    cursor: pointer;
  }
`;

/** Fields for the arguments of a spec, for an `.own` grid; `say` takes the spec with one of them changed. */
export function argumentFields(
  spec: Spec,
  all: readonly Argument[],
  schema: Schema,
  say: (spec: Spec) => void,
): TemplateResult | typeof nothing {
  const field = (argument: Argument) => {
    const value = argumentOf(spec, argument.name);
    return html`<tabgrad-argument-field
      .argument=${argument}
      .schema=${schema}
      .value=${value}
      ?wide=${isBlock(argument, value ?? argument.default, schema)}
      @change=${(event: CustomEvent<unknown>) => say(withArgument(spec, argument.name, event.detail))}
    ></tabgrad-argument-field>`;
  };
  if (all.length === 0) return nothing;
  const common = all.filter((argument) => argument.common);
  const rest = all.filter((argument) => !argument.common);
  return html`${common.map(field)}
  ${
    common.length === 0
      ? rest.map(field)
      : rest.length === 0
        ? nothing
        : html`<details>
            <summary>More about it</summary>
            <div class="own">${rest.map(field)}</div>
          </details>`
  }`;
}

/** A kind with arguments of its own is a block as wide as its place. */
export const isBlock = ({ kind }: Argument, value: unknown, schema: Schema | null): boolean =>
  kind === "layer" ||
  kind === "schedule" ||
  (kind === "activation"
    ? activationArguments(value, schema).length > 0
    : typeof value === "object" && value !== null && !Array.isArray(value));

/** What the chosen activation takes. */
export function activationArguments(value: unknown, schema: Schema | null): readonly Argument[] {
  if (value == null) return [];
  return schema?.activations.find(({ type }) => type === typeOf(value as Spec))?.arguments ?? [];
}
