// Every number on the page goes through here: in the reader's locale, with as many digits as mean something, and with a
// dash where there is no number. Nothing here ever writes NaN, Infinity or undefined.

import { isShare } from "../views/numbers";

/** Stands where a number is not known or not finite. */
export const NO_NUMBER = "–";

type Value = number | null | undefined;

const cache = new Map<string, Intl.NumberFormat>();

function intl(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let made = cache.get(key);
  if (!made) cache.set(key, (made = new Intl.NumberFormat(undefined, options)));
  return made;
}

function formatted(value: Value, options: Intl.NumberFormatOptions): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_NUMBER;
  // -0 reads as a fault.
  const text = intl(options).format(value === 0 ? 0 : value);
  // A true minus sign is as wide as a plus and a digit: columns stay in line.
  return powers(text).replaceAll("-", "\u2212");
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "1.2E-7" is written as people write it: 1.2×10⁻⁷. */
function powers(text: string): string {
  return text.replace(/E(-?)(\d+)$/, (_, sign: string, digits: string) => {
    const power = Array.from(digits, (digit) => superscripts[Number(digit)] ?? digit).join("");
    return `×10${sign === "" ? "" : "⁻"}${power}`;
  });
}

/** Counts: "1,284,000". */
export const integer = (value: Value): string => formatted(value, { maximumFractionDigits: 0 });

/** Large counts in little room: "1.28M". */
export function compact(value: Value): string {
  if (Math.abs(value ?? 0) < 1000) return integer(value);
  return formatted(value, { notation: "compact", maximumSignificantDigits: 3 });
}

/** Shares: 0.957 is "95.7%" (spaced as the locale spaces it). Always one decimal, so that it keeps its width. */
export function percent(value: Value, digits = 1): string {
  return formatted(value, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A measured value: `digits` significant ones, no trailing noughts, powers of ten for the very large and very small. */
export function number(value: Value, digits = 4): string {
  const size = Math.abs(value ?? 0);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    return formatted(value, { notation: "scientific", maximumSignificantDigits: Math.min(digits, 3) });
  }
  return formatted(value, { maximumSignificantDigits: digits });
}

/** A value that changes while one looks at it (loss, RMSE): the number of decimals depends on its size alone. */
export function steady(value: Value): string {
  const size = Math.abs(value ?? 0);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    return formatted(value, { notation: "scientific", minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return formatted(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Bytes with a decimal unit: "3.4 MB". */
export function bytes(value: Value): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_NUMBER;
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return formatted(Math.round(value) / 1000 ** power, {
    style: "unit",
    unit: units[power],
    unitDisplay: "short",
    maximumSignificantDigits: 3,
  });
}

/** Days since 1970-01-01 as a date of the reader's locale. */
export function day(value: Value): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_NUMBER;
  const date = new Date(value * 86_400_000);
  if (Number.isNaN(date.getTime())) return NO_NUMBER;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(date);
}

const plural = new Intl.PluralRules("en");

/** "1 row", "2 rows", "1,284 rows". The words are the page's, which is English; the digits are the reader's. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${integer(value)} ${plural.select(value) === "one" ? one : many}`;
}

/** Behind the name of the second metric of a kind, and of further ones. */
const NUMBER = /_\d+$/;

/** In front of a metric whose name is taken, which counts rows by their weights. */
const WEIGHTED = /^weighted_/;

/** A score by its metric's name: shares as per cent, the rest as a measured value. */
export function score(metric: string, value: Value): string {
  return isShare(metric) ? percent(value) : steady(value);
}

/** How a metric is called where there is little room; the schema has the long names. */
export function metricLabel(metric: string): string {
  const labels: Record<string, string> = {
    loss: "loss",
    mean_squared_error: "MSE",
    mean_absolute_error: "MAE",
    root_mean_squared_error: "RMSE",
    mse: "MSE",
    mae: "MAE",
    rmse: "RMSE",
    r2: "R²",
    r2_score: "R²",
  };
  if (WEIGHTED.test(metric)) return `weighted ${metricLabel(metric.replace(WEIGHTED, ""))}`;
  const label = labels[metric.replace(NUMBER, "")];
  return label === undefined ? metric.replaceAll("_", " ") : label + (NUMBER.exec(metric)?.[0].replace("_", " ") ?? "");
}

/** A number as a person types it, with a comma or a point for the decimals; null: it is none. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/\u2212/g, "-")
    .replace(/[\s\u00a0\u202f'’]/g, "");
  const dotted = plain.includes(",") && !plain.includes(".") ? plain.replace(",", ".") : plain;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(dotted)) return null;
  const value = Number(dotted);
  return Number.isFinite(value) ? value : null;
}

/** A number as it stands in a field that can be typed in: no grouping, a point, no more digits than it has. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-5 || size >= 1e12)) return value.toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(10)));
}
