/** The section of a report that lists the models that a study has left, made ones with what they follow. */
import { headsOf, withHead } from '../../contract/model/heads.ts';
import { madeSentences, splitWords, testWords } from '../../contract/model/made-words.ts';
import type { Model } from '../../contract/model/model.ts';
import { metricOf } from '../../contract/results/metric.ts';
import { formatCounted } from '../../contract/words.ts';
import type { ReportContents } from './contents.ts';
import { html, type Html } from '../../contract/html.ts';

export function modelSection({ models: kept }: ReportContents): Html | null {
  if (kept.length === 0) return null;
  const models = kept.flatMap(byHead);
  return html`<section>
    <h2>Models</h2>
    <table>
      <caption>
        Kept in the project; each answers new data by itself.
      </caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Trained on</th>
          <th scope="col" class="number">Test score</th>
        </tr>
      </thead>
      <tbody>
        ${models.map(
          (model) =>
            html`<tr>
              <th scope="row">${model.name}</th>
              <td>${formatCounted(model.trainedOn.labels, `${splitWords(model)} label`)}</td>
              <td class="number">${metricOf(model.scores.metric).word}: ${testWords(model)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${models.map((model) => {
      const sentences = madeSentences(model);
      return sentences.length > 0
        ? html`<h3>${model.name}</h3>
            <p>${sentences.join(' ')}</p>`
        : null;
    })}
  </section>`;
}

/** One entry for each head, which says whose it is where there are several. */
function byHead(model: Model): Model[] {
  const heads = headsOf(model);
  return heads.map((head) => ({
    ...withHead(model, head),
    name: heads.length > 1 ? `${model.name}, ${head}` : model.name,
  }));
}
