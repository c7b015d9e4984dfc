interface ImportMeta {
  /**
   * Vite's `import.meta.glob` in the one form that the tests use: all files at once, default exports;
   * with `?raw` the text of a file.
   */
  glob<Module>(
    pattern: string,
    options: { readonly eager: true; readonly import: 'default'; readonly query?: '?raw' },
  ): Readonly<Record<string, Module>>
}
