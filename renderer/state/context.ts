/** The open project for every component below the project's shell. */
import { createContext } from 'svelte';
import type { ProjectSession } from './project.svelte.ts';

export const [useProject, provideProject] = createContext<ProjectSession>();
