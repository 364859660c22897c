// One state of one view, as the gallery shows it.

import type { TemplateResult } from "lit";

export interface Case {
  title: string;
  /** Columns of the gallery's grid that it takes, 1 to 3. */
  wide?: number;
  view: () => TemplateResult;
}
