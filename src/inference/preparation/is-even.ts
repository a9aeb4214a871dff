/** Whether all pixels of every plane, padding left out, have one value: such a picture shows nothing that a model could judge. */
export function isEven(values: ArrayLike<number>, planes: number, padding?: Uint8Array): boolean {
  const size = values.length / planes;
  for (let plane = 0; plane < planes; plane++) {
    let first: number | undefined;
    for (let i = 0; i < size; i++) {
      if (padding?.[i] === 1) continue;
      const value = values[plane * size + i];
      first ??= value;
      if (value !== first) return false;
    }
  }
  return true;
}
