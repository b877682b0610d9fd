import type { ExperimentResults, VariantResult } from "@vitrine/contracts";
import { change, count, mean, pValue, range } from "./figures.ts";

/** All numbers of all variants. On a narrow screen a row becomes a list, whose names the cells carry themselves. */
export function ResultsTable({ results, metric }: { results: ExperimentResults; metric: string }) {
  return (
    <table className="results">
      <thead>
        <tr>
          <th scope="col">Variant</th>
          <th scope="col">Users</th>
          <th scope="col">{metric}</th>
          <th scope="col">Lift</th>
          <th scope="col">Always valid, 95 %</th>
          <th scope="col">One planned look, 95 %</th>
          <th scope="col">p, always valid</th>
        </tr>
      </thead>
      <tbody>
        {results.variants.map((variant, i) => (
          <Row key={variant.variant} variant={variant} metric={metric} silence={silenceOf(results, i)} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  variant: VariantResult;
  metric: string;
  /** Stands in for the lift where none is told. */
  silence: string;
}

function Row({ variant, metric, silence }: RowProps) {
  const { lift, interval, alwaysValidInterval, alwaysValidPValue } = variant;
  return (
    <tr>
      <th scope="row">{variant.variant}</th>
      <td data-name="Users">{count(variant.users)}</td>
      <td data-name={metric}>{variant.mean === null ? "–" : mean(variant.mean)}</td>
      {lift === null ? (
        <td colSpan={4} className="results__silent">
          {silence}
        </td>
      ) : (
        <>
          <td data-name="Lift">{change(lift)}</td>
          <td data-name="Always valid, 95 %">{alwaysValidInterval ? range(alwaysValidInterval) : "–"}</td>
          <td data-name="One planned look, 95 %">{interval ? range(interval) : "–"}</td>
          <td data-name="p, always valid">{alwaysValidPValue === null ? "–" : pValue(alwaysValidPValue)}</td>
        </>
      )}
    </tr>
  );
}

function silenceOf({ sampleRatio }: ExperimentResults, place: number): string {
  if (place === 0) return "what the others are compared with";
  return sampleRatio.isMismatched ? "not told" : "too little to say";
}
