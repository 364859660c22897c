// <tabgrad-playground>: the whole page as one element. It makes the lab, lays out the panels, and holds what concerns them
// all: theme, keys, files dropped, the mirror in the address.
//
//   <tabgrad-playground data="moons" theme="dark" height="640px"></tabgrad-playground>
//
// Attributes: `preset` or `data` (what it begins with), `theme` ("light", "dark"; else the system's), `height` (it scrolls
// within; else as high as its content), `hide` (panels a lesson does without, such as "data split predict"), `shortcuts="off"`,
// `reproducible`, `threads`, and `url-state` for a page whose address mirrors the choices.
//
// This module defines no element; define.ts does.

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { EngineClient } from "../engine/client";
import type { EngineOptions } from "../engine/protocol";
import { presetOrDefault } from "../presets/presets";
import { Lab, type Beginning, type Engine } from "../store/lab";
import { weightOf } from "../store/targets";
import { base } from "../styles/controls";
import { tokens } from "../styles/tokens";
import { Address } from "./address";
import { DropZone } from "./drop-zone";
import { need } from "./lazy";
import { layout } from "./playground-styles";
import { Shortcuts } from "./shortcuts";
import { rememberedTheme, rememberTheme, SystemTheme, type ThemeName } from "./theme";

export class TabgradPlayground extends LitElement {
  static override styles = [tokens, base, layout];

  @property() preset: string | null = null;
  @property() data: string | null = null;
  @property({ reflect: true }) theme: ThemeName | null = null;
  @property() height: string | null = null;
  @property() hide = "";
  @property({ reflect: true }) shortcuts: "on" | "off" = "on";
  @property({ type: Boolean, reflect: true }) reproducible = false;
  @property({ type: Number }) threads: number | null = null;
  @property({ type: Boolean, attribute: "url-state" }) urlState = false;

  /** The rest of the training's settings stands open. */
  @state() private more = false;

  /** Where the engine comes from; a page may put another in its place before the element is connected. */
  createEngine: (options: Partial<EngineOptions>) => Engine = (options) => new EngineClient(options);

  /** The state and its actions, for scripts of the page around it. */
  lab: Lab | undefined;

  readonly #system = new SystemTheme(this);
  readonly #files = new DropZone(this, (file) => this.lab?.openFile(file));
  readonly #address = new Address(() => {
    if (!this.urlState || !this.lab) return undefined;
    const { data, choices } = this.lab.state;
    return [data.source, choices, data.report];
  });

  constructor() {
    super();
    new Shortcuts(
      this,
      () => this.lab,
      () => this.shortcuts !== "off",
      () => this.urlState,
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A page of its own remembers; one in somebody else's text looks as that text wants it.
    if (this.urlState) this.theme ??= rememberedTheme();
    if (this.urlState && this.#address.isNew) void this.#beginFromAddress();
    else this.#begin(this.#beginning());
    addEventListener("hashchange", this.#followLink);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followLink);
    this.lab?.dispose();
    this.lab = undefined;
  }

  #begin(beginning: Beginning): void {
    this.lab?.dispose();
    const options: Partial<EngineOptions> = { reproducible: this.reproducible };
    if (this.threads !== null && this.threads >= 1) options.threads = Math.floor(this.threads);
    const lab = new Lab(this.createEngine(options), beginning);
    this.lab = lab;
    lab.store.subscribe((state, before) => {
      if (state.report.open !== before.report.open) this.requestUpdate();
      if (state.choices !== before.choices || state.data.source !== before.data.source) this.#address.mirror();
    });
    lab.start();
    this.requestUpdate();
  }

  /** Another engine, the same data and choices. */
  #restart({ state, file }: Lab): void {
    const preset = presetOrDefault(state.choices.preset);
    const { source, report } = state.data;
    const weight = weightOf(report);
    const weighed = weight === undefined ? {} : { weight };
    const targets = report?.targets?.map(({ column }) => column);
    const aimed = targets ? { targets } : {};
    if (source?.kind === "builtin") {
      this.#begin({ ...state.choices, ...weighed, ...aimed, preset, options: source.options });
    }
    else {
      this.#begin({ ...preset, preset, options: preset.data.options });
      if (file) this.lab?.openFile(file);
    }
  }

  #beginning(): Beginning {
    const preset = presetOrDefault(this.preset ?? this.data);
    return { ...preset, preset, options: preset.data.options };
  }

  async #beginFromAddress(): Promise<void> {
    // Without the words of links the page begins as without a link.
    const linked = await this.#address.read().catch(() => null);
    if (this.isConnected) this.#begin(linked ?? this.#beginning());
  }

  readonly #followLink = () => {
    if (!this.urlState || !this.#address.isNew) return;
    void this.#address.read().then(
      (linked) => linked && this.lab?.begin(linked),
      () => undefined,
    );
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("height")) {
      this.style.height = this.height ?? "";
      this.toggleAttribute("scrolls", this.height !== null);
    }
    if (changed.has("reproducible") && changed.get("reproducible") !== undefined && this.lab) {
      this.#restart(this.lab);
    }
  }

  #more(lab: Lab): unknown {
    need("tabgrad-training-more");
    return html`<div class="more">
      <tabgrad-training-more
        .lab=${lab}
        .shortcuts=${this.shortcuts !== "off"}
        .reproducible=${this.reproducible}
        @choose-shortcuts=${(event: CustomEvent<boolean>) => {
          this.shortcuts = event.detail ? "on" : "off";
        }}
        @choose-reproducible=${(event: CustomEvent<boolean>) => {
          this.reproducible = event.detail;
        }}
      ></tabgrad-training-more>
    </div>`;
  }

  /** As wide as the page, below the panels, when it is asked for. */
  #report(lab: Lab, shown: boolean): unknown {
    if (!shown || !lab.state.report.open) return nothing;
    need("tabgrad-report-panel");
    need("tabgrad-chart");
    return html`<div class="report"><tabgrad-report-panel .lab=${lab}></tabgrad-report-panel></div>`;
  }

  /** What tells it from other playgrounds of the page. */
  #label(): string {
    return presetOrDefault(this.preset ?? this.data).label;
  }

  protected override render(): unknown {
    const { lab } = this;
    if (!lab) return nothing;
    const hidden = new Set(this.hide.split(/\s+/));
    const shown = (name: string) => !hidden.has(name);
    const theme = this.theme ?? this.#system.name;
    return html`<div
        class="frame"
        tabindex="-1"
        role=${this.urlState ? "main" : "region"}
        aria-label=${this.urlState ? "Tabgrad playground" : `Tabgrad playground: ${this.#label()}`}
      >
        ${
          shown("header")
            ? html`<tabgrad-header
                .lab=${lab}
                .theme=${theme}
                .whole=${this.urlState}
                @choose-theme=${(event: CustomEvent<ThemeName>) => {
                  this.theme = event.detail;
                  if (this.urlState) rememberTheme(event.detail);
                }}
              ></tabgrad-header>`
            : nothing
        }
        <div class="train"><tabgrad-train-bar .lab=${lab}></tabgrad-train-bar></div>
        ${
          shown("settings")
            ? html`<div class="settings">
                  <tabgrad-training-settings
                    .lab=${lab}
                    .open=${this.more}
                    @toggle-more=${() => {
                      this.more = !this.more;
                    }}
                  ></tabgrad-training-settings>
                </div>
                ${this.more ? this.#more(lab) : nothing}`
            : nothing
        }
        <div class="panels">
          ${
            shown("data") || shown("split")
              ? html`<div class="stack data">
                  ${shown("data") ? html`<tabgrad-data-panel .lab=${lab}></tabgrad-data-panel>` : nothing}
                  ${shown("split") ? html`<tabgrad-split-panel .lab=${lab}></tabgrad-split-panel>` : nothing}
                </div>`
              : nothing
          }
          ${
            shown("network") || shown("curves")
              ? html`<div class="stack network">
                  ${shown("network") ? html`<tabgrad-network-panel .lab=${lab}></tabgrad-network-panel>` : nothing}
                  ${shown("curves") ? html`<tabgrad-curves-panel .lab=${lab}></tabgrad-curves-panel>` : nothing}
                </div>`
              : nothing
          }
          ${
            shown("result") || shown("test") || shown("predict")
              ? html`<div class="stack result">
                  ${shown("result") ? html`<tabgrad-result-panel .lab=${lab}></tabgrad-result-panel>` : nothing}
                  ${shown("test") ? html`<tabgrad-test-panel .lab=${lab}></tabgrad-test-panel>` : nothing}
                  ${shown("predict") ? html`<tabgrad-predict-panel .lab=${lab}></tabgrad-predict-panel>` : nothing}
                </div>`
              : nothing
          }
        </div>
        ${this.#report(lab, shown("test"))}
        <div class="messages"><tabgrad-messages .lab=${lab} ?network=${shown("network")}></tabgrad-messages></div>
        <tabgrad-announcer .lab=${lab}></tabgrad-announcer>
      </div>
      ${
        this.#files.over
          ? html`<div class="drop">
              <p><b>Drop it here</b>A table (CSV, TSV) or a saved network (.tabgrad). It stays in this tab.</p>
            </div>`
          : nothing
      }
      <tabgrad-tooltip></tabgrad-tooltip>`;
  }
}
