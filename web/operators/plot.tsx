/** One plot of numbers over time, with those of the previous period in grey. The value at the pointer or the arrow keys is shown above. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type UPlot from 'uplot';
import { number, roundNumber, shortTime } from '../shared/format';
import { chinese, themeChanges } from '../shared/language';
import { loadPlots } from './lazy/load';
import { lonePoints } from './lone-points';

const HEIGHT = 190;
/** 1, 2, 5, 10, … 500,000,000. */
const COUNTS = Array.from({ length: 27 }, (_, index) => ([1, 2, 5][index % 3] ?? 1) * 10 ** Math.floor(index / 3));

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

type Library = typeof UPlot;

interface Drawing {
  library: Library;
  width: number;
  values: PlotProps['values'];
  compared: boolean;
  atCursor: (index: number | undefined) => void;
}

function optionsOf({ library, width, values, compared, atCursor }: Drawing): UPlot.Options {
  const axis = { stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
  const days = chinese.peek() ? '{MM}-{DD}' : '{D} {MMM}';
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 7 } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max, 1) * 1.1] } },
    axes: [
      {
        ...axis,
        space: 70,
        size: 30,
        values: (_plot, times, _axis, _space, step) =>
          times.map((time) => library.fmtDate(step >= 86_400 ? days : '{HH}:{mm}')(new Date(time * 1_000))),
      },
      // People are counted in whole numbers.
      { ...axis, size: 52, incrs: COUNTS, values: (_plot, splits) => splits.map((split) => roundNumber(split)) },
    ],
    series: [
      {},
      {
        stroke: color('--accent'),
        width: 1.6,
        fill: color('--accent-soft'),
        points: { show: false, size: 6, fill: color('--accent'), filter: () => lonePoints(values) },
      },
      ...(compared ? [{ stroke: color('--soft'), width: 1.2, dash: [4, 4], points: { show: false } }] : []),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => atCursor(idx ?? undefined)] },
  };
}

interface PlotProps {
  name: string;
  /** Seconds since 1970. */
  times: readonly number[];
  /** null = nothing is known of that time. */
  values: readonly (number | null)[];
  /** The same steps of the period before. */
  earlier: readonly (number | null)[] | undefined;
  /** The period in one number, in words. */
  summary: string;
  peakAt: number | undefined;
  /** Against the period before. */
  change: { text: string; title: string } | undefined;
  words: { unknown: string };
}

export function Plot({ name, times, values, earlier, summary, peakAt, change, words }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const at = useSignal<number | undefined>(undefined);
  const library = useSignal<Library | undefined>(undefined);
  const theme = themeChanges.value;
  useEffect(() => {
    // The numbers above the plot work without the library.
    loadPlots().then(
      (one) => {
        library.value = one;
      },
      () => {},
    );
  }, []);
  useEffect(() => {
    const element = place.current;
    if (!element || !library.value) return undefined;
    const made = new library.value(
      optionsOf({
        library: library.value,
        width: element.clientWidth,
        values,
        compared: earlier !== undefined,
        atCursor: (index) => {
          at.value = index;
        },
      }),
      [[...times], [...values], ...(earlier ? [times.map((_, index) => earlier[index] ?? null)] : [])],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [times, values, earlier, theme, library.value]);
  const index = at.value ?? times.length - 1;
  const value = values[index];
  const shown = value === undefined || value === null ? words.unknown : number(value);
  const time = times[index];
  const peakText = peakAt === undefined ? summary : `${summary} · ${shortTime(peakAt)}`;
  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
    const next = index + (steps[event.key] ?? 0);
    const wanted = times[next];
    if (!(event.key in steps) || wanted === undefined || !plot.current) return;
    event.preventDefault();
    plot.current.setCursor({ left: plot.current.valToPos(wanted, 'x'), top: 0 });
    at.value = next;
  };
  return (
    <figure data-plot={name}>
      <figcaption>
        <b>{name}</b>
        <span data-test="value" aria-live="polite">
          <b class="number">{shown}</b> <span class="soft">{time === undefined ? '' : shortTime(time * 1_000)}</span>
        </span>
        <span class="soft number" data-test="peak" title={change?.title}>
          {change?.text && <b>{change.text}</b>} {peakText}
        </span>
      </figcaption>
      <div
        ref={place}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={index}
        aria-valuetext={`${shown}, ${time === undefined ? '' : shortTime(time * 1_000)}; ${peakText}`}
        onKeyDown={move}
      />
    </figure>
  );
}
