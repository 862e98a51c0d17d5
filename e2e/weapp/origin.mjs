// The API's address that `make test` builds into the package; nothing answers there.
export const origin = process.env.VITE_API_ORIGIN ?? 'https://api.example.gov.cn'
