// What the fields of a layer look like that are a word and a row of small buttons: its inputs, its columns.

import { css } from "lit";

export const choiceStyles = css`
  .box {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
  }
  .label {
    margin-right: 4px;
    color: var(--tg-muted);
  }
  button,
  select {
    min-height: max(24px, calc(var(--tg-control) - 4px));
  }
`;
