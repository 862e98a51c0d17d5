// Of wot-design-uni those components that we use, for the type checker alone: reading all of them would take as long
// again as reading ours. A component that is named nowhere is refused.
export {}

declare module 'vue' {
  export interface GlobalComponents {
    WdPopup: (typeof import('wot-design-uni/components/wd-popup/wd-popup.vue'))['default']
    WdSwipeAction: (typeof import('wot-design-uni/components/wd-swipe-action/wd-swipe-action.vue'))['default']
  }
}
