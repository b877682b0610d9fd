import type { ExperimentResults, VariantResult } from "@vitrine/contracts";
import { change, range } from "./figures.ts";
import { type IntervalScale, intervalScale } from "./interval-scale.ts";

/** Pixels; a row is as high as its words, and the marks stand in its middle. */
const rowHeight = 40;
const middle = rowHeight / 2;
const bandHeight = 16;
const lineHeight = 4;

/** Each variant's lift and both its intervals on a line that all share. Widths are in percent: it fits any screen. */
export function IntervalPlot({ results, wanted }: { results: ExperimentResults; wanted: number | null }) {
  const scale = intervalScale(results.variants, wanted);
  if (!scale) return null;
  const [control, ...others] = results.variants;
  return (
    <figure className="plot">
      <ul>
        {others.map((variant) => (
          <li key={variant.variant} className="plot__pair">
            <p className="plot__name">
              {variant.variant === results.winner && <span className="plot__winner" aria-hidden="true" />}
              {variant.variant}
              <span className="plot__lift">{variant.lift === null ? "too little to say" : change(variant.lift)}</span>
            </p>
            <Row variant={variant} scale={scale} wanted={wanted} />
          </li>
        ))}
      </ul>
      <div className="plot__pair">
        <Axis scale={scale} />
      </div>
      <figcaption>
        <span className="plot__key plot__key--band">always valid: whenever you look (95 %)</span>
        <span className="plot__key plot__key--line">one look planned before (95 %)</span>
        {wanted !== null && <span className="plot__key plot__key--wanted">the effect looked for</span>}
        <span>Change to {control?.variant}, which is 0 %.</span>
      </figcaption>
    </figure>
  );
}

interface RowProps {
  variant: VariantResult;
  scale: IntervalScale;
  wanted: number | null;
}

function Row({ variant: { variant, lift, interval, alwaysValidInterval }, scale, wanted }: RowProps) {
  const said =
    lift === null || !alwaysValidInterval
      ? `${variant}: too little to say`
      : `${variant}: ${change(lift)}, and whenever one looks ${range(alwaysValidInterval)}`;
  return (
    <svg className="plot__row" height={rowHeight} role="img" aria-label={said}>
      <Grid scale={scale} />
      {wanted !== null && <Upright className="plot__wanted" scale={scale} lift={wanted} />}
      {alwaysValidInterval && <Bar className="plot__band" scale={scale} of={alwaysValidInterval} height={bandHeight} />}
      {interval && <Bar className="plot__line" scale={scale} of={interval} height={lineHeight} />}
      {lift !== null && <circle className="plot__point" cx={`${scale.at(lift)}%`} cy={middle} r="5.5" />}
    </svg>
  );
}

function Grid({ scale }: { scale: IntervalScale }) {
  return (
    <>
      {scale.ticks.map((tick) => (
        <Upright key={tick} className={tick === 0 ? "plot__nought" : "plot__tick"} scale={scale} lift={tick} />
      ))}
    </>
  );
}

function Upright({ className, scale, lift }: { className: string; scale: IntervalScale; lift: number }) {
  const x = `${scale.at(lift)}%`;
  return <line className={className} x1={x} x2={x} y1="0" y2={rowHeight} />;
}

interface BarProps {
  className: string;
  scale: IntervalScale;
  of: { low: number; high: number };
  height: number;
}

function Bar({ className, scale, of, height }: BarProps) {
  const start = scale.at(of.low);
  return (
    <rect
      className={className}
      x={`${start}%`}
      width={`${scale.at(of.high) - start}%`}
      y={middle - height / 2}
      height={height}
      rx="2"
    />
  );
}

function Axis({ scale }: { scale: IntervalScale }) {
  const digits = (scale.ticks[1] ?? 1) - (scale.ticks[0] ?? 0) < 0.01 ? 1 : 0;
  return (
    <svg className="plot__axis" height="24" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <text key={tick} x={`${scale.at(tick)}%`} y="17" textAnchor={anchorAt(scale.at(tick))}>
          {`${tick < 0 ? "−" : tick > 0 ? "+" : ""}${Math.abs(tick * 100).toFixed(digits)} %`}
        </text>
      ))}
    </svg>
  );
}

/** Words at an end of the line stay within it. */
function anchorAt(percent: number): "start" | "middle" | "end" {
  if (percent < 5) return "start";
  return percent > 95 ? "end" : "middle";
}
