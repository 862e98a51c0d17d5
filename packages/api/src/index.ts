import type { components } from './schema'

export * from './client'
export * from './errors'
export type { components, paths } from './schema'

type Schemas = components['schemas']
export type Appointment = Schemas['AppointmentOut']
export type Area = Schemas['AreaOut']
export type AreaFigures = Schemas['AreaFiguresOut']
export type Attachment = Schemas['AttachmentOut']
export type AttachmentCase = Schemas['AttachmentCaseOut']
export type Attendance = Schemas['AttendanceOut']
export type Cell = Schemas['CellOut']
export type Claim = Schemas['ClaimOut']
export type Duty = Schemas['DutyOut']
export type DutySubject = Schemas['DutySubjectOut']
export type Evidence = Schemas['EvidenceOut']
export type LinkApplication = Schemas['LinkApplicationOut']
export type MessageGrant = Schemas['GrantOut']
export type Me = Schemas['MeOut']
export type Meeting = Schemas['MeetingOut']
export type MeetingDetail = Schemas['MeetingDetailOut']
export type Notice = Schemas['NoticeOut']
export type Notification = Schemas['NotificationOut']
export type Project = Schemas['ProjectOut']
export type Rates = Schemas['RatesOut']
export type Registration = Schemas['RegistrationOut']
export type RegistrationRequest = Schemas['RegistrationRequestOut']
export type RosterEntry = Schemas['RosterEntryOut']
export type TextCheck = Schemas['TextCheckOut']
export type ServiceRecord = Schemas['ServiceRecordOut']
export type ServiceRecordDetail = Schemas['ServiceRecordDetailOut']
