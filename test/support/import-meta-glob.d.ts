interface ImportMeta {
  /** Vite's `import.meta.glob` in the one form that the tests use: all files at once, default exports. */
  glob<Module>(
    pattern: string,
    options: { readonly eager: true; readonly import: 'default' },
  ): Readonly<Record<string, Module>>
}
