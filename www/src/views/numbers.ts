// Numbers as words for the reader: in the reader's locale, of even width, and never "NaN".
//
// Every number that a view writes goes through this file. A value that cannot be written is an en dash.

/** What stands where there is no number. */
export const NO_NUMBER = "–";

let locale: string | undefined;
const formats = new Map<string, Intl.NumberFormat>();

/** Sets the language numbers are written in; `undefined` is the browser's own. */
export function setNumberLocale(tag: string | undefined): void {
  locale = tag;
  formats.clear();
}

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.NumberFormat(locale, options);
    formats.set(key, made);
  }
  return made;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Hyphens become true minus signs, which are as wide as the plus, and "1.5E-7" becomes "1.5×10⁻⁷".
 */
function withMinus(text: string): string {
  return text
    .replace(/E(-?)(\d+)$/i, (_, sign: string, digits: string) => {
      const power = Array.from(digits, (digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join("");
      return `×10${sign === "" ? "" : "⁻"}${power}`;
    })
    .replace("-", "\u2212");
}

/** Whether `value` is a number that can be written. */
export function isWritable(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * A measured value with `digits` significant digits; very large and very small ones in scientific notation.
 */
export function formatValue(value: number | null | undefined, digits = 4): string {
  if (!isWritable(value)) return NO_NUMBER;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) {
    return withMinus(format({ notation: "scientific", maximumSignificantDigits: Math.min(digits, 3) }).format(value));
  }
  return withMinus(format({ maximumSignificantDigits: digits }).format(value));
}

/** A value that changes many times a second: always `digits` significant digits, so that it does not dance. */
export function formatLive(value: number | null | undefined, digits = 3): string {
  if (!isWritable(value)) return NO_NUMBER;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    return withMinus(
      format({ notation: "scientific", minimumFractionDigits: digits - 1, maximumFractionDigits: digits - 1 }).format(
        value,
      ),
    );
  }
  if (size < 1) {
    return withMinus(format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value));
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return withMinus(format({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value));
}

/** A whole number with its thousands marked. */
export function formatCount(value: number | null | undefined): string {
  if (!isWritable(value)) return NO_NUMBER;
  return withMinus(format({ maximumFractionDigits: 0 }).format(value));
}

/** A share of one as per cent. */
export function formatPercent(share: number | null | undefined, decimals = 1): string {
  if (!isWritable(share)) return NO_NUMBER;
  return withMinus(
    format({ style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(share),
  );
}

/** A weight: its sign always written, so that colour is never the only sign of it. */
export function formatSigned(value: number | null | undefined, decimals = 2): string {
  if (!isWritable(value)) return NO_NUMBER;
  if (Math.abs(value) >= 1e6) {
    return withMinus(
      format({ notation: "scientific", maximumSignificantDigits: 3, signDisplay: "exceptZero" }).format(value),
    );
  }
  return withMinus(
    format({ minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: "exceptZero" }).format(
      value,
    ),
  );
}

/** With exactly `decimals` digits after the point: what the labels of an axis need to agree with each other. */
export function formatFixed(value: number, decimals: number): string {
  if (!isWritable(value)) return NO_NUMBER;
  return withMinus(format({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value));
}

/** Scientific with `digits` after the point. */
export function formatScientific(value: number, digits: number): string {
  if (!isWritable(value)) return NO_NUMBER;
  return withMinus(
    format({ notation: "scientific", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
  );
}

/** A 32-bit number without the digits that only its 64-bit form has: 5.1, not 5.099999904632568. */
export function shortFloat(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : value;
}

/** Every accuracy, whatever stands before it (the output it is of, "weighted") and behind it (the second of a kind). */
const IN_PERCENT = /(^|_)accuracy(_\d+)?$/;

/** Whether a metric is a share of one and read as per cent. */
export const isShare = (metric: string): boolean => IN_PERCENT.test(metric);

/** The value of a metric or loss in the form that metric is read in. */
export function formatMetric(metric: string, value: number | null | undefined): string {
  return isShare(metric) ? formatPercent(value) : formatLive(value);
}

/** A day since 1970-01-01 in the reader's form; nothing for what no calendar has. */
export function formatDay(day: number): string {
  const date = new Date(Math.floor(day) * 86_400_000);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(undefined, { timeZone: "UTC" }).format(date);
}

/** A place on an axis, of days or of numbers. */
export function formatPlace(value: number | undefined, isDate = false, digits?: number): string {
  return isDate && value !== undefined ? formatDay(value) : formatValue(value, digits);
}
