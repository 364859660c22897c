// What has to be said: errors and news, each with what can be done about it. They lie over the page's lower edge, so that
// nothing moves when one comes or goes.

import { css, html } from "lit";
import { property } from "lit/decorators.js";
import { refusedLayer } from "../store/refusal";
import type { Message } from "../store/state";
import { base, buttons } from "../styles/controls";
import { icons } from "./icons";
import { LabElement } from "./lab-element";

export class TabgradMessages extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      .log {
        display: grid;
        gap: 8px;
      }
      .log > div {
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr) auto;
        gap: 4px 12px;
        align-items: start;
        padding: 12px 8px 12px 14px;
        border: 1px solid var(--tg-line);
        border-left: 4px solid var(--kind);
        border-radius: var(--tg-radius-small);
        background: var(--tg-panel);
        box-shadow: var(--tg-shadow);
        pointer-events: auto;
      }
      .error {
        --kind: var(--tg-bad);
      }
      .warning {
        --kind: var(--tg-warn);
      }
      .info {
        --kind: var(--tg-accent);
      }
      .log > div > .icon {
        margin-top: 2px;
        color: var(--kind);
      }
      p {
        overflow-wrap: anywhere;
      }
      code {
        font:
          var(--tg-text-small) / 16px ui-monospace,
          Menlo,
          Consolas,
          monospace;
        color: var(--tg-muted);
      }
      .advice {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 8px;
      }
      .close {
        width: max(24px, calc(var(--tg-control) - 8px));
        min-height: max(24px, calc(var(--tg-control) - 8px));
        padding: 0;
      }
    `,
  ];

  protected readonly watches = ["messages"] as const;

  /** The network is in sight: what does not fit a layer is said there. */
  @property({ type: Boolean }) network = false;

  protected override render(): unknown {
    return html`<div class="log" role="group" aria-label="Messages">
      ${this.state.messages.filter((message) => !this.#elsewhere(message)).map((message) => this.#message(message))}
    </div>`;
  }

  #elsewhere({ subject, path }: Message): boolean {
    return this.network && subject === "configure" && path !== undefined && refusedLayer({ path }) !== null;
  }

  #message(message: Message): unknown {
    return html`<div class=${message.kind} role=${message.kind === "info" ? "status" : "alert"}>
      ${message.kind === "info" ? icons.info : icons.warn}
      <div>
        <p>${message.text}</p>
        ${message.path === undefined || message.text.includes(message.path) ? null : html`<code>${message.path}</code>`}
        ${
          message.advice.length === 0
            ? null
            : html`<div class="advice">
                ${message.advice.map(
                  ({ label, command }) =>
                    html`<button class="small" type="button" @click=${() => this.lab.runAdvice(message.id, command)}>
                      ${label}
                    </button>`,
                )}
              </div>`
        }
      </div>
      <button class="quiet close" type="button" aria-label="Dismiss" @click=${() => this.lab.dismiss(message.id)}>
        ${icons.close}
      </button>
    </div>`;
  }
}
