/** The folders above the samples as a tree, without those that only wrap others. */
import { composed, foldName, isContainer, isMarkings, isPictures } from './names.ts';

/** A folder that holds samples itself. */
export interface Leaf {
  /** Relative, with slashes; '' for the imported folder itself. */
  folder: string;
  files: number;
  /** Names of the folders that can mean something, from the top. */
  parts: string[];
}

export interface FolderTree {
  leaves: Leaf[];
  wrappers: string[];
  leftOut: { folder: string; files: number; why: string }[];
  /** Folded names that stand side by side in two spellings, which are then kept apart. */
  apart: ReadonlySet<string>;
}

interface Node {
  name: string;
  path: string;
  /** Samples that lie in it, not below it. */
  files: number;
  children: Map<string, Node>;
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** @param paths of samples, relative, with slashes */
export function buildTree(paths: Iterable<string>): FolderTree {
  const root = grow(paths);
  const tree: FolderTree & { apart: Set<string> } = {
    leaves: [],
    wrappers: [],
    leftOut: [],
    apart: new Set(),
  };
  visit(root, [], true);
  tree.wrappers = [...new Set(tree.wrappers)];
  return tree;

  /** @param alone nothing but wrappers lies above: one folder in all says nothing, whatever its name */
  function visit(node: Node, parts: string[], alone: boolean): void {
    if (node.files > 0 || node.children.size === 0)
      tree.leaves.push({ folder: node.path, files: node.files, parts });
    noteSpellings(node);
    const children = [...node.children.values()];
    const markings = children.filter(({ name }) => isMarkings(name));
    const pictures = children.filter(({ name }) => isPictures(name));
    if (markings.length > 0 && pictures.length === 1 && children.length === markings.length + 1) {
      for (const child of markings) {
        const why = `its files mark things in those of “${pictures[0]!.name}”, and are no samples`;
        tree.leftOut.push({ folder: child.path, files: filesIn(child), why });
      }
      children.splice(0, children.length, pictures[0]!);
    }
    const only = children.length === 1 && node.files === 0 ? children[0]! : null;
    const wraps =
      only !== null && (alone || isContainer(only.name) || foldName(only.name) === foldName(node.name));
    if (wraps) tree.wrappers.push(only.path);
    for (const child of children) visit(child, wraps ? parts : [...parts, child.name], alone && wraps);
  }

  function noteSpellings(node: Node): void {
    const spellings = new Map<string, Set<string>>();
    for (const name of node.children.keys()) {
      const found = spellings.get(foldName(name));
      if (found) found.add(composed(name));
      else spellings.set(foldName(name), new Set([composed(name)]));
    }
    for (const [folded, found] of spellings) if (found.size > 1) tree.apart.add(folded);
  }
}

function grow(paths: Iterable<string>): Node {
  const root: Node = { name: '', path: '', files: 0, children: new Map() };
  const known = new Map<string, Node>([['', root]]);
  const nodeOf = (folder: string): Node => {
    const found = known.get(folder);
    if (found) return found;
    const parent = nodeOf(folderOf(folder));
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    const node: Node = { name, path: folder, files: 0, children: new Map() };
    parent.children.set(name, node);
    known.set(folder, node);
    return node;
  };
  for (const path of paths) nodeOf(folderOf(path)).files += 1;
  return root;
}

function filesIn(node: Node): number {
  return [...node.children.values()].reduce((sum, child) => sum + filesIn(child), node.files);
}
