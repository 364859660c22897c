// Looks of the network view's overlay: headings, names, controls.

import { css } from "lit";

export const networkStyles = css`
  .scroller {
    overflow-x: auto;
    overflow-y: hidden;
    scrollbar-width: thin;
    block-size: var(--tg-network-height, 420px);
  }
  .stage {
    block-size: 100%;
    inline-size: 100%;
    min-inline-size: var(--wide, 0);
  }
  .edges {
    transition: opacity var(--tg-quick, 120ms);
  }
  .looking .edges {
    opacity: 0.22;
  }
  .overlay {
    position: absolute;
    inset: 0;
    z-index: 1;
  }
  .band {
    position: absolute;
    inset-block-start: var(--top);
    block-size: var(--tall);
    inset-inline-start: calc(var(--x) - var(--room) / 2);
    inline-size: var(--room);
    border-radius: var(--tg-radius-small, 6px);
    pointer-events: none;
  }
  .band.selected {
    background: var(--tg-soft);
  }
  .layer {
    position: absolute;
    inset-block-start: var(--top);
    inset-inline-start: var(--x);
    inline-size: var(--room);
    translate: -50% 0;
  }
  .heading {
    appearance: none;
    display: flex;
    flex-direction: column;
    justify-content: flex-start;
    inline-size: 100%;
    min-block-size: 36px;
    padding: 2px 0;
    border: 0;
    border-radius: var(--tg-radius-small, 6px);
    background: none;
    font: inherit;
    line-height: 16px;
    color: var(--tg-ink);
    text-align: center;
    hyphens: auto;
    cursor: pointer;
  }
  .heading small {
    display: block;
    font-size: inherit;
    color: var(--tg-muted);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .heading:hover {
    background: var(--tg-soft);
  }
  .heading:focus-visible {
    outline-offset: -2px;
  }
  .selected > .heading {
    color: var(--tg-accent);
    font-weight: 600;
  }
  .selected > .heading small {
    font-weight: 400;
  }
  .sizes {
    position: absolute;
    inset-block-start: calc(var(--tall) - 34px);
    inset-inline: 0;
    display: flex;
    justify-content: center;
    gap: 4px;
    pointer-events: none;
  }
  .sizes button {
    appearance: none;
    pointer-events: auto;
    inline-size: 28px;
    block-size: 28px;
    padding: 2px;
    border: 0;
    background: none;
    color: var(--tg-muted);
    cursor: pointer;
    border-radius: 50%;
  }
  .sizes svg {
    display: block;
    inline-size: 24px;
    block-size: 24px;
    border: 1px solid var(--tg-line);
    border-radius: 50%;
    background: var(--tg-panel);
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .sizes button:hover:enabled svg {
    color: var(--tg-ink);
    border-color: var(--tg-edge, var(--tg-muted));
  }
  .sizes button:disabled {
    opacity: 0.4;
    cursor: default;
  }
  .name,
  .more {
    position: absolute;
    inset-block-start: var(--y);
    inset-inline-start: var(--x);
    max-inline-size: var(--wide);
    translate: 0 -50%;
    line-height: 16px;
    color: var(--tg-muted);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    pointer-events: none;
  }
  .name.left {
    translate: -100% -50%;
  }
  .more {
    overflow: visible;
    max-inline-size: max(var(--wide), 48px);
    white-space: normal;
  }
  .name.below {
    padding-inline: 3px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--tg-panel) 80%, transparent);
  }
  .name.below,
  .more {
    translate: -50% -50%;
    text-align: center;
  }
  /* In a narrow column two lines, of which the first stands where one would. */
  .more {
    translate: -50% -8px;
  }
  .name svg {
    display: inline-block;
    inline-size: 10px;
    block-size: 10px;
    margin-inline-end: 5px;
    overflow: visible;
  }
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
  }
  .key {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
  }
  .key i {
    inline-size: 18px;
    block-size: 3px;
    border-radius: 2px;
    background: var(--ink);
  }
  .key.negative {
    --ink: var(--tg-negative);
  }
  .key.positive {
    --ink: var(--tg-positive);
  }

  @media (pointer: coarse) {
    .sizes {
      inset-block-start: calc(var(--tall) - 42px);
      gap: 0;
      inset-inline: -6px;
    }
    .sizes button {
      inline-size: 44px;
      block-size: 44px;
      padding: 10px;
    }
    .layer.tight:not(.selected) > .sizes {
      display: none;
    }
    .heading {
      min-block-size: 44px;
    }
  }
`;
