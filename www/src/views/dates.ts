// Marks of an axis of days since 1970-01-01: on days, first days of months, or first days of years.
//
//   days   1, 2, 7, 14        months   1, 2, 3, 6        years   1, 2, 5 times a power of ten

import { ticks, tickStep } from "./ticks.js";

const DAY_MS = 86_400_000;
const MONTH = 30.44;
const YEAR = 365.25;
/** Beyond this, browsers have no dates. */
const FURTHEST = 1e8;
/** Days from the first of January 1970, a Thursday, to a Monday. */
const MONDAY = 4;

const dayOf = (year: number, month: number): number => {
  const date = new Date(0);
  // `Date.UTC` takes years below 100 for those of the last century.
  date.setUTCFullYear(year, month, 1);
  return date.getTime() / DAY_MS;
};

type Step = { days: number } | { months: number };

/** The step for about `count` marks on a range of so many days. */
function stepOf(width: number, count: number): Step {
  const raw = width / count;
  const days = [1, 2, 7, 14].find((step) => raw <= step * 1.4);
  if (days !== undefined) return { days };
  const months = [1, 2, 3, 6].find((step) => raw <= step * MONTH * 1.4);
  if (months !== undefined) return { months };
  return { months: 12 * Math.max(1, Math.round(tickStep(width / YEAR, count))) };
}

/** Days from `min` to `max` that calendars know, about `count` of them; a range beyond all calendars has those of numbers. */
export function dateTicks(min: number, max: number, count: number): number[] {
  if (!(min < max) || min < -FURTHEST || max > FURTHEST) return ticks(min, max, count);
  const step = stepOf(max - min, count);
  const made: number[] = [];
  if ("days" in step) {
    const from = step.days < 7 ? 0 : MONDAY;
    for (let day = Math.ceil((min - from) / step.days) * step.days + from; day <= max; day += step.days) made.push(day);
  } else {
    const first = new Date(min * DAY_MS);
    const months = first.getUTCFullYear() * 12 + first.getUTCMonth();
    for (let month = Math.floor(months / step.months) * step.months; ; month += step.months) {
      const day = dayOf(Math.floor(month / 12), ((month % 12) + 12) % 12);
      if (day > max) break;
      if (day >= min) made.push(day);
    }
  }
  return made.length > 0 ? made : [min];
}

/** The marks as text: as much of the date as tells them apart. */
export function dateLabels(days: readonly number[], locale?: string): string[] {
  const dates = days.map((day) => new Date(day * DAY_MS));
  const isWhole = (of: (date: Date) => number, first: number) => dates.every((date) => of(date) === first);
  const isMonths = isWhole((date) => date.getUTCDate(), 1) && days.length > 1;
  const isYears = isMonths && isWhole((date) => date.getUTCMonth(), 0);
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    ...(isYears ? { year: "numeric" } : { month: "short", year: isMonths ? "numeric" : "2-digit" }),
    ...(isMonths ? {} : { day: "numeric" }),
  });
  return dates.map((date) => (Number.isNaN(date.getTime()) ? "" : format.format(date)));
}
