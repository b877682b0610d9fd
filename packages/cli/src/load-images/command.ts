export interface LoadImagesOptions {
  rates: number[];
  seconds: number;
  json: boolean;
}
export async function loadImages(_options: LoadImagesOptions): Promise<number> {
  return 0;
}
