type Filled<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The same object without the members that are undefined: absent and undefined are not the same in a record. */
export const withoutUndefined = <T extends object>(value: T): Filled<T> => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Filled<T>;
