// The head of the playground: whose page it is, which data, what runs, and the files that go in and out.

import { css, html, nothing } from "lit";
import { property, query } from "lit/decorators.js";
import type { DataSource } from "../store/state";
import { base, buttons } from "../styles/controls";
import { downloadBytes } from "./download";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradHeader extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        container-type: inline-size;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 8px 16px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-right: 8px;
        font-size: 16px;
        font-weight: 650;
        letter-spacing: -0.015em;
      }
      .brand svg {
        display: block;
        color: var(--tg-accent);
      }
      tabgrad-data-menu {
        min-width: 0;
        flex: 0 1 auto;
      }
      /* What runs gives way before the data's name does, in a second line of its own words. */
      tabgrad-engine-badge {
        flex: 0 1000 auto;
        min-width: 0;
      }
      @container (max-width: 1000px) {
        .word {
          display: none;
        }
        .file {
          padding: 0;
          width: var(--tg-control);
        }
      }
      /* It has a line of its own, so that its words are seen here too. */
      @container (max-width: 720px) {
        .bar {
          flex-wrap: wrap;
          row-gap: 0;
          padding-bottom: 0;
        }
        tabgrad-engine-badge {
          order: 1;
          flex: 1 0 100%;
        }
        /* A long name is cut, not a second line made for the buttons behind it. */
        tabgrad-data-menu {
          flex: 1 1 0;
        }
        .grow {
          display: none;
        }
      }
      @container (max-width: 560px) {
        .bar {
          column-gap: 2px;
          padding: 8px 12px 0;
        }
        .brand {
          margin-right: 6px;
        }
        .brand b {
          display: none;
        }
        .file.own {
          margin-left: 6px;
        }
        /* A phone's browser has a share button of its own. */
        .share {
          display: none;
        }
      }
      .brand b {
        font-weight: inherit;
      }
    `,
  ];

  protected readonly watches = ["network", "engine", "data"] as const;

  /** The theme that shows now; the button offers the other. */
  @property() theme: "light" | "dark" = "light";

  /** The playground is the page, not a part of one. */
  @property({ type: Boolean }) whole = false;

  @query("input.data") private dataInput!: HTMLInputElement;
  @query("input.model") private modelInput!: HTMLInputElement;

  #take(input: HTMLInputElement): void {
    const [file] = input.files ?? [];
    if (file) this.lab.openFile(file);
    // The same file may be chosen again after it was changed.
    input.value = "";
  }

  async #save(): Promise<void> {
    const saved = await this.lab.save();
    if (saved) downloadBytes(saved.name, saved.bytes);
  }

  async #share(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      this.lab.say("link", "info", shared(this.state.data.source));
    } catch {
      this.lab.say("link", "warning", "The browser did not let this page copy. The address bar has the link.");
    }
  }

  protected override render(): unknown {
    const { network, data } = this.state;
    const other = this.theme === "dark" ? "light" : "dark";
    const saveable = network.summary !== null || data.source?.kind === "model";
    return html`<div class="bar">
      <span class="brand" role="heading" aria-level=${this.whole ? "1" : "2"} aria-label="Tabgrad">
        <svg
          viewBox="0 0 20 20"
          width="20"
          height="20"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          stroke-width="2.4"
          stroke-linejoin="round"
        >
          <path d="M2.5 3.5h15L10 17z"></path>
        </svg>
        <b>Tabgrad</b>
      </span>
      <tabgrad-data-menu .lab=${this.lab}></tabgrad-data-menu>
      <button
        class="file own"
        type="button"
        aria-label="Open your own data…"
        @click=${() => this.dataInput.click()}
        ${tip("A table of your own: CSV or TSV, one row per example. It is read in this tab and sent nowhere.")}
      >
        ${icons.open}<span class="word">Open your own data…</span>
      </button>
      <input
        class="data"
        type="file"
        hidden
        accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values"
        @change=${() => this.#take(this.dataInput)}
      />
      <span class="grow"></span>
      <tabgrad-engine-badge .lab=${this.lab}></tabgrad-engine-badge>
      <button
        class="quiet file"
        type="button"
        aria-label="Save"
        ?disabled=${!saveable}
        @click=${() => this.#save()}
        ${tip("Saves network, weights and how the data were read as one file (.tabgrad), without your rows.")}
      >
        ${icons.save}<span class="word">Save</span>
      </button>
      <button
        class="quiet file"
        type="button"
        aria-label="Load"
        @click=${() => this.modelInput.click()}
        ${tip("Opens a network that was saved here before (.tabgrad) and goes on where it stopped.")}
      >
        ${icons.load}<span class="word">Load</span>
      </button>
      <input
        class="model"
        type="file"
        hidden
        accept=".tabgrad,.safetensors"
        @change=${() => this.#take(this.modelInput)}
      />
      ${
        this.whole
          ? html`<button
              class="quiet file share"
              type="button"
              aria-label="Share"
              @click=${() => this.#share()}
              ${tip("Copies the address of this page, which says what you chose; never anything of your own data.")}
            >
              ${icons.link}<span class="word">Share</span>
            </button>`
          : nothing
      }
      <button
        class="quiet icon-only theme"
        type="button"
        aria-label="Use the ${other} theme"
        @click=${() => this.dispatchEvent(new CustomEvent("choose-theme", { detail: other }))}
        ${tip(`Use the ${other} theme.`)}
      >
        ${this.theme === "dark" ? icons.sun : icons.moon}
      </button>
    </div>`;
  }
}

function shared(source: DataSource | null): string {
  return source?.kind === "builtin"
    ? "The link to this experiment is copied."
    : "The link to this page is copied. It does not contain your data or your network: save the network and send the file.";
}
