// How the playground lays its panels out, by its own width and not the window's: three columns, two, or one. On narrow ones
// the train bar stays at the lower edge, under the thumb.

import { css } from "lit";

export const layout = css`
  :host {
    position: relative;
    container-type: inline-size;
    background: var(--tg-bg);
    isolation: isolate;
  }
  :host([scrolls]) {
    overflow: hidden;
  }
  :host([scrolls]) .frame {
    height: 100%;
    overflow: auto;
  }
  .frame {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    grid-template-rows: auto auto auto auto 1fr auto;
    grid-template-areas:
      "header header"
      "train settings"
      "more more"
      "main main"
      "report report"
      "messages messages";
    min-height: 100%;
  }
  .frame:focus {
    outline: none;
  }
  tabgrad-header {
    grid-area: header;
    background: var(--tg-panel);
    border-bottom: 1px solid var(--tg-line);
  }
  .train,
  .settings,
  .more {
    background: var(--tg-panel);
    border-bottom: 1px solid var(--tg-line);
    padding: 8px 16px;
  }
  .train {
    grid-area: train;
    padding-right: 0;
    min-width: 704px;
  }
  .settings {
    grid-area: settings;
    display: grid;
    align-items: center;
  }
  .more {
    grid-area: more;
    padding: 12px 16px 16px;
  }
  .panels {
    grid-area: main;
    display: grid;
    grid-template-columns: 284px minmax(0, 1fr) 388px;
    gap: var(--tg-gap);
    align-items: start;
    width: 100%;
    max-width: 1680px;
    margin: 0 auto;
    padding: var(--tg-gap) 16px 16px;
  }
  .report {
    grid-area: report;
    width: 100%;
    max-width: 1680px;
    margin: 0 auto;
    padding: 0 16px 16px;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--tg-gap);
    align-content: start;
    min-width: 0;
  }
  .messages {
    grid-area: messages;
    position: sticky;
    bottom: 0;
    z-index: 3;
    height: 0;
    pointer-events: none;
  }
  tabgrad-messages {
    position: absolute;
    right: 16px;
    bottom: 16px;
    width: min(440px, calc(100% - 32px));
  }
  tabgrad-announcer {
    position: absolute;
  }
  .drop {
    position: absolute;
    inset: 8px;
    z-index: 5;
    display: grid;
    place-content: center;
    border: 2px dashed var(--tg-accent);
    border-radius: var(--tg-radius);
    background: color-mix(in srgb, var(--tg-accent-soft) 92%, transparent);
    text-align: center;
    pointer-events: none;
  }
  .drop b {
    display: block;
    font-size: 20px;
    line-height: 32px;
    font-weight: 650;
  }

  /* No room for both on one line. */
  @container (max-width: 1439px) {
    .frame {
      grid-template-areas:
        "header header"
        "train train"
        "settings settings"
        "more more"
        "main main"
        "report report"
        "messages messages";
      grid-template-rows: auto auto auto auto auto 1fr auto;
    }
    .train {
      padding-right: 16px;
      border-bottom: 0;
      min-width: 0;
    }
    .settings {
      padding-top: 0;
      grid-template-columns: minmax(0, 1fr);
      --tg-settings-align: flex-start;
    }
  }

  @container (max-width: 1180px) {
    .stack.network {
      --tg-network-height: 300px;
    }
    .panels {
      grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
      grid-template-areas:
        "network result"
        "data data";
    }
    .stack.network {
      grid-area: network;
    }
    .stack.result {
      grid-area: result;
    }
    .stack.data {
      grid-area: data;
      grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
    }
  }

  @container (max-width: 780px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
      grid-template-areas: "header" "data" "network" "settings" "more" "result" "report" "messages" "train";
      grid-template-rows: auto auto auto auto auto auto 1fr auto auto;
      row-gap: 8px;
    }
    .panels {
      display: contents;
    }
    .stack,
    .stack.data {
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      margin: 0 8px;
    }
    .report {
      padding: 0 8px;
    }
    .settings,
    .more {
      margin: 0 8px;
      padding: 12px;
      border: 1px solid var(--tg-line);
      border-radius: var(--tg-radius);
    }
    .train {
      position: sticky;
      bottom: 0;
      z-index: 2;
      padding: 8px 12px max(8px, env(safe-area-inset-bottom));
      border-top: 1px solid var(--tg-line);
    }
    .messages {
      bottom: 116px;
    }
  }
`;
