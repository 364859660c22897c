// What groups of fields look like that say how is trained: a heading, and fields beside each other of which some take a line.

import { css } from "lit";

export const groupStyles = css`
  legend {
    padding: 0;
    margin-bottom: 8px;
    font-weight: 600;
  }
  .group {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 12px;
  }
  tabgrad-argument-field[wide] {
    flex: 1 0 100%;
    width: auto;
    max-width: 640px;
  }
`;
