import type { Media } from '#snapshot';

export type MediaKind = Media['kind'];

const KINDS: readonly (readonly [RegExp, MediaKind])[] = [
  [/\.(png|jpe?g|jfif|gif|bmp|webp|tiff?|avif|hei[cf]|jp2|jxl|ppm|pgm|pbm|tga|dds|psd)$/i, 'image'],
  [/\.(wav|flac|mp3|ogg|oga|opus|m4a|aac|aiff?|wma)$/i, 'audio'],
  [/\.(txt|text)$/i, 'text'],
];

/** Kind of a file by its name; undefined if it is neither image nor recording nor text. */
export const mediaKindOf = (name: string): MediaKind | undefined => KINDS.find(([pattern]) => pattern.test(name))?.[1];
