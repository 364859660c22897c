// The tabs of target-tabs.ts. All that stand on the page show the same choice.

import { css, html, nothing } from "lit";
import { nameOf, shownTarget, targetsOf } from "../store/targets";
import { base, buttons } from "../styles/controls";
import { moveFocus } from "./arrows";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradTargetTabs extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        margin-bottom: 12px;
      }
      .tabs {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      [role="radio"] {
        max-width: 100%;
        padding: 0 10px;
        border-color: transparent;
        color: var(--tg-muted);
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [role="radio"][aria-checked="true"] {
        border-color: var(--tg-accent);
        background: var(--tg-accent-soft);
        color: var(--tg-ink);
        font-weight: 600;
      }
    `,
  ];

  protected readonly watches = ["data", "target", "choices"] as const;

  protected override render(): unknown {
    const { report } = this.state.data;
    const shown = shownTarget(this.state);
    if (!report || !shown) return nothing;
    return html`<div
      class="tabs"
      role="radiogroup"
      aria-label="Target"
      @keydown=${(event: KeyboardEvent) => {
        const reached = moveFocus(event, [...this.renderRoot.querySelectorAll<HTMLElement>("[role=radio]")]);
        if (reached) this.lab.chooseTarget(Number(reached.dataset["place"]));
      }}
    >
      ${targetsOf(report).map((target, place) => {
        const chosen = place === shown.place;
        return html`<button
          type="button"
          role="radio"
          data-place=${place}
          aria-checked=${chosen ? "true" : "false"}
          tabindex=${chosen ? "0" : "-1"}
          @click=${() => this.lab.chooseTarget(place)}
          ${tip("Scores and pictures are of this target.")}
        >
          ${nameOf(report, target)}
        </button>`;
      })}
    </div>`;
  }
}
