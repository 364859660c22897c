// <tabgrad-gallery>: every view in every state, side by side, for eyes, screenshots and tests.
//
//   gallery.html#dark            the dark theme
//   gallery.html#light,curves    one section alone
//
// Everything shown is a fixture from a seed: the page looks the same each time.

import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { tokens } from "../styles/tokens.js";
import "../views/index.js";
import "../views/line-fit/line-fit.js";
import "../views/sample/sample-view.js";
import type { Case } from "./case.js";
import { confusionCases, curveCases, histogramCases } from "./chart-cases.js";
import { networkCases } from "./network-cases.js";
import { fitCases, surfaceCases } from "./plane-cases.js";
import { reportCases } from "./report-cases.js";

const SECTIONS: Record<string, Case[]> = {
  network: networkCases,
  curves: curveCases,
  surface: surfaceCases,
  fit: fitCases,
  confusion: confusionCases,
  report: reportCases,
  histogram: histogramCases,
};

@customElement("tabgrad-gallery")
export class TabgradGallery extends LitElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        min-block-size: 100vh;
        background: var(--tg-bg);
        color: var(--tg-ink);
        font-family: var(--tg-font);
        font-size: var(--tg-text);
        line-height: var(--tg-line-height);
      }
      main {
        padding: 16px;
        max-inline-size: 1600px;
        margin: auto;
      }
      h1,
      h2,
      h3 {
        margin: 0;
        font-size: inherit;
      }
      h2 {
        margin-block: 24px 8px;
      }
      h3 {
        font-size: var(--tg-text-small);
        font-weight: 600;
        color: var(--tg-muted);
        margin-block-end: 8px;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
      }
      a {
        color: var(--tg-accent);
      }
      .cases {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 12px;
      }
      article {
        min-inline-size: 0;
        padding: 12px 14px;
        background: var(--tg-panel);
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius);
      }
      .wide-2 {
        grid-column: span 2;
      }
      .wide-3 {
        grid-column: span 3;
      }
      @media (max-width: 1000px) {
        .cases {
          grid-template-columns: minmax(0, 1fr);
        }
        .wide-2,
        .wide-3 {
          grid-column: auto;
        }
        main {
          padding: 8px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.follow);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.follow);
  }

  private readonly follow = (): void => {
    const [theme] = this.words();
    if (theme === "dark" || theme === "light") this.setAttribute("theme", theme);
    else this.removeAttribute("theme");
    this.requestUpdate();
  };

  private words(): string[] {
    return location.hash.slice(1).split(",");
  }

  protected override render(): TemplateResult {
    const only = this.words()[1];
    const sections = Object.entries(SECTIONS).filter(([name]) => only === undefined || name === only);
    return html`<main>
      <nav>
        <h1>Tabgrad's views</h1>
        <a href="#light">light</a><a href="#dark">dark</a>
      </nav>
      ${sections.map(
        ([name, cases]) =>
          html`<section id=${name}>
            <h2>${name}</h2>
            <div class="cases">
              ${cases.map(
                ({ title, wide, view }) =>
                  html`<article class="wide-${wide ?? 1}">
                    <h3>${title}</h3>
                    ${view()}
                  </article>`,
              )}
            </div>
          </section>`,
      )}
    </main>`;
  }
}
