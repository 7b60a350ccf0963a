import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Failure } from '../../contract/errors.ts';
import { NotDone, printJson, printLine, say, type Environment } from '../environment.ts';
import { recipeTemplate } from '../recipe-template.ts';
import { isProject, withService, type ProjectOption } from '../session.ts';
import { readRecipe } from '../recipe-file.ts';

export function addRecipeCommands(program: Command, environment: Environment): void {
  const recipe = program.command('recipe').description('Recipes: the files that describe studies');
  recipe
    .command('init')
    .description('print a recipe with every field, its default and its meaning')
    .action(() => void environment.stdout.write(recipeTemplate()));
  recipe
    .command('check <file>')
    .description('check a recipe without running it')
    .option('--project <folder>', 'also check its datasets and checkpoints against this project')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: ProjectOption & { json?: boolean }) => {
      const path = resolve(environment.folder, file);
      const check = await checkText(environment, readRecipe(path), basename(path), options);
      if (options.json) printJson(environment, check);
      else if (check.valid) printLine(environment, `${file} is a valid recipe.`);
      if (check.valid) return;
      if (!options.json) for (const failure of check.failures) say(environment, lineOf(failure));
      const { length } = check.failures;
      throw new NotDone(`${file} cannot be used: ${length} ${length === 1 ? 'mistake' : 'mistakes'}.`);
    });
}

async function checkText(
  environment: Environment,
  text: string,
  fileName: string,
  { project }: ProjectOption,
) {
  const given = project === undefined ? environment.folder : resolve(environment.folder, project);
  if (project !== undefined || isProject(given))
    return withService(environment, { folder: given }, (client) => client.study.check({ text, fileName }));
  const { checkRecipeText } = await import('../../service/recipe-text.ts');
  return checkRecipeText(text, fileName, () => null);
}

const lineOf = ({ message, place }: Failure) => `${message} (${place})`;
