import { createClient } from '@app/api'
import { transport } from './transport'

/** Every call of the console goes through here. Raises ApiError, NoAnswer. The token is the transport's, try by try. */
export const api = createClient({ baseUrl: '', transport, token: () => undefined, renew: async () => false })
